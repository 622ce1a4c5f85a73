/// One of equally large parts of an extent.
struct Chunk {
    private let index, count: Int

    init(_ index: Int, of count: Int) { (self.index, self.count) = (index, count) }

    /// Bounds are multiples of the unit, or the end.
    func range(of extent: Int, inMultiplesOf unit: Int) -> Range<Int> {
        let units = (extent + unit - 1) / unit
        return min(extent, units * index / count * unit)..<min(extent, units * (index + 1) / count * unit)
    }
}
