import Results
import Study

/// The runs of a study as a block of numbers whose dimensions are the study's axes.
struct StudyCube {
    /// A dimension: an axis and its values.
    struct Dimension {
        let axis: String
        let labels: [String]
        /// The values as numbers, where all are.
        let numbers: [Double]?
        /// The last value stands for runs on which the axis does not apply.
        let hasAbsent: Bool
    }

    let dimensions: [Dimension]
    /// The study's axes, where they are no dimensions but values of each record.
    let coordinates: [Dimension]
    /// The record at each place in row-major order, nil where the study has no run or no record.
    let records: [Record?]
    var shape: [Int] { dimensions.map(\.labels.count) }

    /// The label of an axis that does not apply: "" among names; among numbers it is NaN.
    static let absentLabel = ""

    /// The dimensions that records span.
    static func dimensions(of records: [Record]) -> [Dimension] {
        records.map(\.run).axes.map { dimension($0, records) }
    }

    /// - Parameter dimensions: the dimensions that the records span.
    init(_ records: [Record], _ dimensions: [Dimension]) {
        (self.dimensions, coordinates) = (dimensions, [])
        var places = [Record?](repeating: nil, count: dimensions.map(\.labels.count).reduce(1, *))
        for record in records {
            let place = dimensions.reduce(0) { place, dimension in
                let label = record.run[dimension.axis] ?? Self.absentLabel
                return place * dimension.labels.count + dimension.labels.firstIndex(of: label)!
            }
            places[place] = record
        }
        self.records = places
    }

    /// The runs one after the other along a single dimension, their values on the axes as its coordinates: for axes of which few
    /// values meet, whose block would be empty nearly everywhere.
    init(inOneDimension records: [Record], coordinates: [Dimension]) {
        let name = StudyResults.free("run", coordinates.map(\.axis))
        dimensions = [
            Dimension(axis: name, labels: records.map(\.run.point), numbers: nil, hasAbsent: false)
        ]
        (self.coordinates, self.records) = (coordinates, records)
    }

    /// Places of the block for each run of the study, above which the runs are put in one dimension.
    private static let mostPlacesPerRun = 4.0

    /// Whether so many runs leave most of a block empty.
    static func isSparse(_ dimensions: [Dimension], runs: Int) -> Bool {
        // In floating point, which does not overflow.
        dimensions.reduce(1) { $0 * Double($1.labels.count) } > mostPlacesPerRun * Double(max(1, runs))
    }

    private static func dimension(_ axis: String, _ records: [Record]) -> Dimension {
        var labels: [String] = [], numbers: [Double?] = []
        for coordinate in records.compactMap({ $0.run.coordinates.first { $0.axis == axis } })
        where !labels.contains(coordinate.label) {
            labels.append(coordinate.label)
            numbers.append(coordinate.number)
        }
        let known = numbers.compactMap { $0 }
        let isNumeric = known.count == numbers.count
        // Selections and lines need numbers in order; names stay in the study's order.
        if isNumeric { labels = zip(known, labels).sorted { $0.0 < $1.0 }.map(\.1) }
        let hasAbsent = records.contains { $0.run[axis] == nil }
        if hasAbsent { labels.append(absentLabel) }
        return Dimension(
            axis: axis, labels: labels, numbers: isNumeric ? known.sorted() + (hasAbsent ? [.nan] : []) : nil,
            hasAbsent: hasAbsent)
    }

    /// A number of each record, NaN where there is none.
    func values(_ value: (Record) -> Double?) -> [Double] { records.map { $0.flatMap(value) ?? .nan } }
}
