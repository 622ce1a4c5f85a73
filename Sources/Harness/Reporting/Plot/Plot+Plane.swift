import Foundation
import Results
import Study

extension Plot {
    /// Densities of the saved samples in the plane: the teacher's, then one run per arm, each sample joined to the
    /// teacher's from the same noise. Nil where the samples are not points of the plane.
    static func plane(_ records: [Record]) -> Plot? {
        let (arms, all) = planarArms(
            records.filter { $0.lengths.samples == 2 }, along: records, most: mostPanels - 1)
        guard let first = arms.first?.record.samples else { return nil }
        let teacher = PlanarDensity.points(first.teacher)
        let clouds =
            [Cloud(title: "teacher", points: teacher, partners: teacher)]
            + arms.map { title, record in
                Cloud(
                    title: title, points: PlanarDensity.points(record.samples!.student),
                    partners: PlanarDensity.points(record.samples!.teacher))
            }
        return plane(
            clouds, of: arms[0].record, name: "plane", title: "Samples and their density",
            columns: min(4, clouds.count),
            leftOut: all - arms.count)
    }

    /// The same at several evaluations of the training, a row an arm. Nil where those were not kept.
    static func planeOverTraining(_ records: [Record]) -> Plot? {
        let kept = records.filter { $0.lengths.overTraining == 2 && $0.lengths.samples != nil }
        let (arms, all) = planarArms(kept, along: records, most: mostRowsOfPanels)
        guard let steps = arms.first?.record.overTraining?.steps else { return nil }
        // Evenly over the training, the last among them.
        let shown =
            steps.count <= mostPanelsAcross
            ? steps : (1...mostPanelsAcross).map { steps[$0 * steps.count / mostPanelsAcross - 1] }
        let clouds = arms.flatMap { title, record in
            shown.compactMap { step -> Cloud? in
                guard let kept = record.overTraining, let index = kept.steps.firstIndex(of: step) else { return nil }
                let points = PlanarDensity.points(kept.values[index])
                let partners = PlanarDensity.points(record.samples!.teacher).prefix(points.count)
                return Cloud(title: "\(title), step \(step)", points: points, partners: Array(partners))
            }
        }
        return plane(
            clouds, of: arms[0].record, name: "plane-over-steps", title: "Samples over training", columns: shown.count,
            leftOut: all - arms.count)
    }

    private static let mostPanels = 12, mostPanelsAcross = 5, mostRowsOfPanels = 6

    /// Points of one panel, and the points that they are joined to.
    private struct Cloud {
        let title: String
        let points, partners: [PlanarDensity.Point]
    }

    private static func planarArms(
        _ planar: [Record], along records: [Record], most: Int
    ) -> (arms: [(title: String, record: Record)], all: Int) {
        let all = PlotArm.all(of: planar, along: StudyTable.axes(of: records))
        let arms = all.prefix(most).compactMap { arm in arm.records.first.map { (title: arm.title, record: $0) } }
        // A record may have gone since its lengths were known.
        return (arms.filter { $0.record.samples != nil }, all.count)
    }

    private static func plane(
        _ clouds: [Cloud], of record: Record, name: String, title: String, columns: Int, leftOut: Int
    ) -> Plot {
        let extent = 1.1 * clouds.flatMap(\.partners).reduce(1e-6) { max($0, max(abs($1.x), abs($1.y))) }
        let rows = (clouds.count + columns - 1) / columns
        let counts = Set(clouds.map(\.points.count)).sorted().map(String.init).joined(separator: ", ")
        let seed = record.run[Study.seedAxis].map { ", seed \($0)" } ?? ""
        return Plot(
            name: name, template: .plane, title: title,
            caption:
                "\(record.run.study): \(counts) samples\(seed); a line joins each to the teacher's of the same noise"
                + (leftOut > 0 ? "; \(leftOut) more arms" : ""),
            xLabel: "", yLabel: "",
            blocks: clouds.flatMap { cloud in
                [
                    Block(cloud.title, PlanarDensity(cloud.points, extent: extent).rows),
                    Block(
                        cloud.title,
                        zip(cloud.points, cloud.partners).map { own, other in
                            [own.x, own.y, other.x, other.y].map { .number($0) }
                        }),
                ]
            },
            settings: panels(clouds.map(\.title), rows: rows, columns: columns, extent: extent),
            size: (width: 60 + 220 * columns, height: 100 + 240 * rows))
    }
}

/// A density of points in the plane, by Gaussians of Scott's width around each (Scott, "Multivariate Density Estimation", 1992).
struct PlanarDensity {
    typealias Point = (x: Double, y: Double)

    /// The number of cells of the square grid along an axis.
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

extension PlaneFigure: DrawnFigure {
    package func plots(_ records: [Record]) -> [Plot] { [Plot.plane(records)].compactMap { $0 } }
}

extension PlaneOverTrainingFigure: DrawnFigure {
    package func plots(_ records: [Record]) -> [Plot] { [Plot.planeOverTraining(records)].compactMap { $0 } }
}
