import Foundation
import Results
import Study

extension Plot {
    /// A score against the evaluations that a sample costs: students in every number of steps beside the teacher by its sampler and
    /// by one step.
    static func tradeOff(_ score: String, _ records: [Record]) -> Plot {
        let all = PlotArm.all(of: records, along: StudyTable.axes(of: records))
        let students = apart(
            all.prefix(PlotArm.most - 2).map { arm in
                let specification = arm.records[0].run.specification
                let steps = Set(arm.records.flatMap(\.run.specification.mapSteps)).sorted()
                return steps.map { steps in
                    Place(
                        title: arm.title, evaluations: Double(specification.student.evaluations(steps: steps)),
                        sample: PlotSample(
                            arm.records.compactMap { $0.evaluation.last[ScoreName(score, steps: steps).text] }))
                }
            })
        let places = (students + teachers(score, records)).map { $0.filter { !$0.sample.values.isEmpty } }
            .filter { !$0.isEmpty }
        let logarithmic = isLogarithmic(places.joined().map(\.sample.mean))
        let dodge = students.count > 1 ? "; students are set apart sideways" : ""
        return Plot(
            name: "\(score)-against-evaluations", template: .scatter, title: "\(label(score)) against cost",
            caption: caption(records, students.joined().map(\.sample), leftOut: all.count - students.count) + dodge,
            xLabel: "network evaluations a sample", yLabel: label(score),
            blocks: places.map { places in
                Block(places[0].title, places.map { $0.sample.row(at: $0.evaluations, logarithmic: logarithmic) })
            },
            settings: [("xlog", .truth(true)), ("ylog", .truth(logarithmic))])
    }

    private struct Place {
        let title: String
        var evaluations: Double
        let sample: PlotSample
    }

    /// Points of equal cost side by side, so that their spreads do not cover each other: each so much further than the last.
    private static func apart(_ arms: [[Place]]) -> [[Place]] {
        let ratio = 1.06, middle = 0.5 * Double(arms.count - 1)
        return arms.enumerated().map { index, places in
            places.map { place in
                var place = place
                place.evaluations *= pow(ratio, Double(index) - middle)
                return place
            }
        }
    }

    private static func teachers(_ score: String, _ records: [Record]) -> [[Place]] {
        guard let first = records.first, let floor = first.reference.floor[score],
            let ceiling = first.reference.ceiling[score]
        else { return [] }
        let sampler = first.run.specification.evaluation.teacher.sampler.description
        return [
            ("teacher, \(sampler)", first.reference.floorEvaluations, floor),
            ("teacher, 1 Euler step", first.reference.ceilingEvaluations, ceiling),
        ].map { [Place(title: $0, evaluations: Double($1), sample: PlotSample([$2]))] }
    }
}

extension TradeOffFigure: DrawnFigure {
    package func plots(_ records: [Record]) -> [Plot] { [.tradeOff(of, records)] }
}
