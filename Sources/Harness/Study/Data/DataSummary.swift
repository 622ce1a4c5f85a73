import FlowMaps
import Foundation

/// The summary of a data set from files, in one line.
public struct DataSummary: Codable, Hashable, Sendable, CustomStringConvertible {
    /// The name of the set: "images".
    public let name: String
    /// The number of samples.
    public let count: Int
    /// Nil of points.
    public var image: ImageShape? {
        shape.count == 3 ? ImageShape(channels: shape[0], height: shape[1], width: shape[2]) : nil
    }
    /// Channels, height and width; empty of points.
    private let shape: [Int]
    /// The numbers of a sample.
    public let dimension: Int
    /// The smallest and the largest number of all samples.
    public let range: ClosedRange<Float>
    /// The number of samples of each class; empty without labels.
    public let classCounts: [Int]
    /// Further remarks on the files.
    public let notes: [String]

    init(
        name: String, count: Int, image: ImageShape?, dimension: Int, range: ClosedRange<Float>, labels: [Int]?,
        classes: Int, notes: [String] = []
    ) {
        (self.name, self.count, self.dimension) = (name, count, dimension)
        shape = image.map { [$0.channels, $0.height, $0.width] } ?? []
        (self.range, self.notes) = (range, notes)
        var counts = [Int](repeating: 0, count: classes)
        for label in labels ?? [] { counts[label] += 1 }
        classCounts = counts
    }

    /// The summary in words.
    public var description: String {
        let shape = image.map { "\($0.channels)×\($0.height)×\($0.width)" } ?? "\(dimension) numbers"
        let numbers = "from \(Self.text(range.lowerBound)) to \(Self.text(range.upperBound))"
        return
            (["data \(name): \(count) \(count == 1 ? "sample" : "samples") of \(shape), \(numbers), \(classes)"] + notes)
            .joined(separator: "; ")
    }

    private var classes: String {
        guard let least = classCounts.min(), let most = classCounts.max() else { return "no classes" }
        let empty = classCounts.indices.filter { classCounts[$0] == 0 }
        let many = classCounts.count == 1 ? "1 class" : "\(classCounts.count) classes"
        if empty.isEmpty { return least == most ? "\(many) of \(least) each" : "\(many) of \(least) to \(most)" }
        let filled = classCounts.filter { $0 > 0 }.min() ?? 0
        let names = empty.prefix(5).map(String.init).joined(separator: ", ") + (empty.count > 5 ? ", …" : "")
        return "\(many) of \(filled)\(filled == most ? "" : " to \(most)"); "
            + (empty.count == 1 ? "class \(names) has no samples" : "classes \(names) have no samples")
            + (classCounts.count - empty.count == 1
                ? ", all are of class \(classCounts.firstIndex { $0 > 0 } ?? 0)" : "")
    }

    /// Four digits, enough to show whether numbers are scaled.
    private static func text(_ value: Float) -> String {
        guard value != value.rounded() || abs(value) >= 1e6 else { return "\(Int(value))" }
        return String(format: "%.4g", Double(value))
    }
}

extension DataSummary {
    /// Reads all samples of files, which are finite.
    /// - Throws: `DataError` for one that is not.
    init(_ stored: any StoredData) throws {
        var low = Float.infinity, high = -Float.infinity
        try stored.forEachBlock { block in
            for value in block {
                low = min(low, value)
                high = max(high, value)
            }
        }
        let content = stored.content
        self.init(
            name: type(of: stored).name, count: stored.count,
            image: stored is ArrayData && content.isPoints ? nil : stored.image,
            dimension: stored.image.channels * stored.image.height * stored.image.width, range: low...max(low, high),
            labels: stored.labels, classes: stored.classCount, notes: stored.notes)
    }

    /// The summary of a set that is generated here.
    init(_ data: Dataset) {
        var low = Float.infinity, high = -Float.infinity
        for value in data.samples {
            low = min(low, value)
            high = max(high, value)
        }
        self.init(
            name: data.name, count: data.count, image: data.imageShape, dimension: data.dimension,
            range: low...max(low, high), labels: data.labels, classes: data.classCount)
    }
}
