/// The share of samples whose greatest logit is that of their label.
///
/// Of equal logits the first counts as the greatest. A sample with a NaN among its logits counts as wrong.
public struct ClassAccuracy: Sendable {
    /// The classes of the samples in `0 ..< classCount`, `[count]`.
    public let labels: [Int]
    /// The number of classes.
    public let classCount: Int

    /// At least one label, each in `0 ..< classCount`.
    public init(labels: [Int], classCount: Int) {
        precondition(
            !labels.isEmpty && labels.allSatisfy { (0..<classCount).contains($0) },
            "\(labels.count) labels, which must be in 0..<\(classCount)")
        self.labels = labels
        self.classCount = classCount
    }

    /// The accuracy, in 0...1, of logits `[count × classCount]`, row-major.
    public func callAsFunction(_ logits: [Float]) -> Double {
        precondition(
            logits.count == labels.count * classCount,
            "logits [\(labels.count), \(classCount)], given \(logits.count) numbers")
        let correct = labels.indices.count { index in
            let (row, label) = (index * classCount, labels[index])
            let own = logits[row + label]
            // Every comparison with NaN is false.
            return (0..<classCount).allSatisfy { rival in
                rival < label ? own > logits[row + rival] : own >= logits[row + rival]
            }
        }
        return Double(correct) / Double(labels.count)
    }
}

extension Metric {
    /// `ClassAccuracy` of the classifier against the requested class.
    public static let classAccuracy = Metric(
        "classAccuracy", comparing: .none, on: .features, needs: .classifier,
        by: Scoring("classAccuracy") { reference in
            reference.labels.map { labels in
                let accuracy = ClassAccuracy(labels: labels, classCount: reference.classCount)
                return { samples in samples.logits.map { [accuracy($0)] } }
            }
        })
}
