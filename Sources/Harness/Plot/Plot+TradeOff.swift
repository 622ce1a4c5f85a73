import Foundation

extension Plot {
    /// A score against the evaluations that a sample costs: students beside the teacher by its sampler and by one step.
    static func tradeOff(_ score: String, _ records: [Record]) -> Plot {
        let all = PlotArm.all(of: records, along: StudyTable.axes(of: records))
        let students = all.prefix(PlotArm.most - 2).map { arm in
            Place(
                title: arm.title, evaluations: Double(StudyTable.studentEvaluations),
                sample: PlotSample(arm.records.compactMap { $0.evaluation.last[score] }))
        }
        let places = (apart(students) + teachers(score, records)).filter { !$0.sample.values.isEmpty }
        let logarithmic = isLogarithmic(places.map(\.sample.mean))
        let dodge = students.count > 1 ? "; students are set apart sideways" : ""
        return Plot(
            name: "\(score)-against-evaluations", template: .scatter, title: "\(label(score)) against cost",
            caption: caption(records, students.map(\.sample), leftOut: all.count - students.count) + dodge,
            xLabel: "network evaluations a sample", yLabel: label(score),
            blocks: places.map { Block($0.title, [$0.sample.row(at: $0.evaluations, logarithmic: logarithmic)]) },
            settings: [("xlog", .truth(true)), ("ylog", .truth(logarithmic))])
    }

    private struct Place {
        let title: String
        var evaluations: Double
        let sample: PlotSample
    }

    /// Points of equal cost side by side, so that their spreads do not cover each other: each so much further than the last.
    private static func apart(_ places: [Place]) -> [Place] {
        let ratio = 1.06, middle = 0.5 * Double(places.count - 1)
        return places.enumerated().map { index, place in
            var place = place
            place.evaluations *= pow(ratio, Double(index) - middle)
            return place
        }
    }

    private static func teachers(_ score: String, _ records: [Record]) -> [Place] {
        guard let first = records.first, let floor = first.reference.floor[score],
            let ceiling = first.reference.ceiling[score]
        else { return [] }
        let sampler = first.run.specification.evaluation.teacher.sampler.description
        return [
            Place(
                title: "teacher, \(sampler)", evaluations: Double(first.reference.floorEvaluations),
                sample: PlotSample([floor])),
            Place(
                title: "teacher, 1 Euler step", evaluations: Double(first.reference.ceilingEvaluations),
                sample: PlotSample([ceiling])),
        ]
    }
}
