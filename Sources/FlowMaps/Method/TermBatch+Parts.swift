import Tensors

extension TermBatch {
    /// The rows of one of so many equal parts, whose number, from 0, is a scalar.
    func part(_ part: Tensor, of parts: Int) -> TermBatch {
        func rows(_ tensor: Tensor) -> Tensor { tensor.part(part, of: parts) }
        return TermBatch(
            t: rows(t), s: rows(s), r: rows(r), sample: sample.map(rows), noise: rows(noise),
            condition: condition.part(part, of: parts), classless: classless?.part(part, of: parts),
            fraction: rows(fraction), level: rows(level), renoise: rows(renoise), progress: progress)
    }
}
