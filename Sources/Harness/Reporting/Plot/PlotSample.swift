import Results
import Study

/// Numbers of one place of a figure, a number a seed.
struct PlotSample {
    let values: [Double]

    /// Numbers that are not finite have no place in a figure.
    init(_ values: [Double]) { self.values = values.filter(\.isFinite) }

    /// NaN of no numbers.
    var mean: Double { values.isEmpty ? .nan : Spread(values).mean }

    /// 0 for a single number, which has no band.
    var deviation: Double { values.count > 1 ? Spread(values).deviation : 0 }

    /// A row of x, mean, and the ends of the band, which on a logarithmic axis stays above a hundredth of the mean.
    func row(at x: Double, logarithmic: Bool) -> [Plot.Value] {
        let low = logarithmic ? max(mean - deviation, mean / 100) : mean - deviation
        return [.number(x), .number(mean), .number(low), .number(mean + deviation)]
    }
}

/// One line or bar of a figure: records that agree in all axes except those of the figure.
struct PlotArm {
    let title: String
    let records: [Record]

    /// The largest number of arms whose colours and dashes can be distinguished.
    static let most = 8

    /// The arms of records along axes, in the study's order.
    static func all(of records: [Record], along axes: [String]) -> [PlotArm] {
        StudyTable.arms(of: records, along: axes).map { arm in
            let parts = zip(axes, arm.labels).compactMap { axis, label in
                // A name is clear by itself; a number needs the name of its axis.
                label.map { Double($0) == nil ? $0 : "\(axis)=\($0)" }
            }
            return PlotArm(title: parts.isEmpty ? "student" : parts.joined(separator: ","), records: arm.records)
        }
    }
}

extension Plot {
    /// "mean ± standard deviation over seeds 0, 1, 2 (n = 3)": the statistic that is drawn.
    static func caption(_ records: [Record], _ samples: [PlotSample], leftOut: Int = 0) -> String {
        let counts = samples.map(\.values.count).filter { $0 > 0 }
        let (least, most) = (counts.min() ?? 0, counts.max() ?? 0)
        var seeds: [String] = []
        for record in records {
            if let seed = record.run[Study.seedAxis], !seeds.contains(seed) { seeds.append(seed) }
        }
        let count = least == most ? "n = \(most)" : "n = \(least) to \(most)"
        let shown = seeds.count > 8 ? "\(seeds.count) seeds" : "seeds \(seeds.joined(separator: ", "))"
        let what =
            most <= 1
            ? "one run each (n = 1)" + (seeds.count == 1 ? ", seed \(seeds[0])" : "")
            : "mean ± standard deviation over \(seeds.isEmpty ? "runs" : shown) (\(count))"
        let more = leftOut > 0 ? "; \(leftOut) more arms are in the table" : ""
        let scored = records.isEmpty ? "" : "; \(StudyTable.sampleCounts(of: records)) samples a score"
        return "\(records.first?.run.study ?? ""): \(what)\(scored)\(more)"
    }

    /// Numbers spread so far that only a logarithmic axis shows them.
    static func isLogarithmic(_ values: [Double], over ratio: Double = 30) -> Bool {
        let finite = values.filter(\.isFinite)
        guard let low = finite.min(), let high = finite.max(), low > 0 else { return false }
        return high / low > ratio
    }

    /// The teacher's own score as a line, where all records agree on it.
    static func floor(_ score: String, _ records: [Record]) -> [(name: String, value: Setting)] {
        let floors = Set(records.compactMap { $0.reference.floor[ScoreName(score).metric] })
        guard floors.count == 1, let floor = floors.first, floor.isFinite, let first = records.first else { return [] }
        let sampler = first.run.specification.evaluation.teacher.sampler.description
        return [("floor", .number(floor)), ("floortitle", .text("teacher, \(sampler)"))]
    }

    /// The name of a score with its unit. All that are measured so far are without one.
    static func label(_ score: String) -> String { StudyTable.title(score) }
}
