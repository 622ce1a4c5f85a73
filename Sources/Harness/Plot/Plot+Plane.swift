import Foundation

extension Plot {
    /// Densities of the kept samples in the plane: the teacher's, then one run an arm, each sample joined to what the teacher
    /// makes of the same noise. Nil where the samples are no points of the plane.
    static func plane(_ records: [Record]) -> Plot? {
        let all = PlotArm.all(
            of: records.filter { $0.samples?.dimension == 2 }, along: StudyTable.axes(of: records))
        let arms = all.prefix(mostPanels - 1).compactMap { arm in arm.records.first.map { (arm.title, $0) } }
        guard let first = arms.first?.1.samples else { return nil }
        let points = { (values: [Float]) in PlanarDensity.points(values) }
        let clouds =
            [("teacher", points(first.teacher), points(first.teacher))]
            + arms.map { title, record in
                (title, points(record.samples!.student), points(record.samples!.teacher))
            }
        let extent = 1.1 * clouds.flatMap { $0.2 }.reduce(1e-6) { max($0, max(abs($1.x), abs($1.y))) }
        let columns = min(4, clouds.count), rows = (clouds.count + columns - 1) / columns
        let counts = Set(clouds.map(\.1.count)).sorted().map(String.init).joined(separator: ", ")
        let seed = arms.first?.1.run[StudyTable.replicateAxis].map { ", seed \($0)" } ?? ""
        return Plot(
            name: "plane", template: .plane, title: "Samples and their density",
            caption:
                "\(records[0].run.study): \(counts) samples\(seed); a line joins each to the teacher's of the same noise"
                + (all.count > arms.count ? "; \(all.count - arms.count) more arms" : ""),
            xLabel: "", yLabel: "",
            blocks: clouds.flatMap { title, student, teacher in
                [
                    Block(title, PlanarDensity(student, extent: extent).rows),
                    Block(
                        title,
                        zip(student, teacher).map { own, other in [own.x, own.y, other.x, other.y].map { .number($0) } }
                    ),
                ]
            },
            settings: [
                ("panels", .number(Double(clouds.count))), ("rows", .number(Double(rows))),
                ("columns", .number(Double(columns))), ("low", .number(-extent)), ("high", .number(extent)),
                ("titles", .text(clouds.map { $0.0 }.joined(separator: " "))),
            ], size: (width: 60 + 220 * columns, height: 100 + 240 * rows))
    }

    private static let mostPanels = 12
}

/// A density of points in the plane, by Gaussians of Scott's width around each (Scott, "Multivariate Density Estimation", 1992).
struct PlanarDensity {
    typealias Point = (x: Double, y: Double)

    /// Of a square grid, along an axis.
    private static let cells = 48

    let rows: [[Plot.Value]]

    /// - Parameter extent: the grid covers ± so much along both axes.
    init(_ points: [Point], extent: Double) {
        let finite = points.filter { $0.x.isFinite && $0.y.isFinite }
        let width = Self.width(finite)
        let places = (0..<Self.cells).map { extent * (2 * (Double($0) + 0.5) / Double(Self.cells) - 1) }
        // A Gaussian of the plane is a product: its two factors at every place are computed once a point.
        func factors(_ coordinate: (Point) -> Double) -> [[Double]] {
            finite.map { point in places.map { exp(-0.5 * pow(($0 - coordinate(point)) / width, 2)) } }
        }
        let (across, up) = (factors { $0.x }, factors { $0.y })
        var density = [Double](repeating: 0, count: Self.cells * Self.cells)
        for (across, up) in zip(across, up) {
            for row in 0..<Self.cells where up[row] > 1e-6 {
                for column in 0..<Self.cells { density[row * Self.cells + column] += up[row] * across[column] }
            }
        }
        let highest = max(density.max() ?? 0, .leastNormalMagnitude)
        rows = density.indices.map { index in
            [
                .number(places[index % Self.cells]), .number(places[index / Self.cells]),
                .number(density[index] / highest),
            ]
        }
    }

    /// Scott's rule in two dimensions, n^(−1/6) · σ, halved: samples of several modes are spread far wider than one of them.
    private static func width(_ points: [Point]) -> Double {
        let count = Double(max(1, points.count))
        let squares = points.reduce(0) { $0 + $1.x * $1.x + $1.y * $1.y } / (2 * count)
        return max(1e-6, 0.5 * squares.squareRoot() * pow(count, -1 / 6))
    }

    static func points(_ values: [Float]) -> [Point] {
        stride(from: 0, to: values.count - 1, by: 2).map { (Double(values[$0]), Double(values[$0 + 1])) }
    }
}
