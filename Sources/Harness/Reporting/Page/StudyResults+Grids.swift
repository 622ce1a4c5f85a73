import FlowMaps
import Foundation
import Results
import Storage
import Study

extension StudyResults {
    /// The samples of one arm as images, from noise that all arms share.
    struct Grid {
        let title: String
        let views: [View]

        /// The samples at one evaluation of the training, or made in a number of steps; the teacher has one for all.
        struct View {
            let title, caption: String
            let image: PNGImage
        }
    }

    /// Images in a row, and at most.
    private static let columns = 10, most = 40
    /// The title of the teacher's only view, which is shown beside every other.
    static let everyView = "any"
    /// The title of the view of an arm that is shown first.
    static let finalView = "after the training"

    /// The teacher's samples, then those of the first run of each arm with samples, as many as all have.
    func grids() -> [Grid] {
        let sampled = records.filter { $0.lengths.samples != nil }
        guard let data = sampled.first?.run.specification.data, let drawing = Drawing(data) else { return [] }
        let arms = StudyTable.arms(
            of: sampled.filter { $0.run.specification.data.isSame(as: data) }, along: StudyTable.axes(of: records)
        ).compactMap(\.records.first).filter { $0.samples != nil }
        let shown = min(arms.map { $0.samples!.count }.min() ?? 0, Self.most)
        guard shown > 0, let first = arms.first else { return [] }
        func image(_ samples: [Float], _ dimension: Int) -> PNGImage {
            let count = min(shown, samples.count / dimension)
            return ImageGrid(
                drawing.shown(Array(samples.prefix(count * dimension))), shape: [count] + drawing.shape,
                valueRange: drawing.range, columns: Self.columns, scale: drawing.scale
            ).image
        }
        let sampler = first.run.specification.evaluation.teacher.sampler.description
        let teacher = Grid.View(
            title: Self.everyView, caption: "The teacher in \(sampler).",
            image: image(first.samples!.teacher, first.samples!.dimension))
        return [Grid(title: "teacher", views: [teacher])]
            + arms.map { record in
                Grid(
                    title: record.run.point,
                    views: record.views.map { title, what, samples in
                        Grid.View(
                            title: title, caption: "\(record.run.point), \(what).",
                            image: image(samples, record.samples!.dimension))
                    })
            }
    }
}

extension Record {
    /// The samples [n · dimension] at each evaluation of the training that kept some, those after the training, and those
    /// in more than one step of the student; only for a record with samples.
    fileprivate var views: [(title: String, what: String, samples: [Float])] {
        let last = evaluation.steps.last ?? 0
        // By the part of the training: arms may differ in their steps.
        let earlier = overTraining.map { kept in
            zip(kept.steps, kept.values).filter { $0.0 < last }.map { step, samples in
                ("at \(100 * step / last) % of the training", "after \(step) training steps", samples)
            }
        }
        let several = samples!.inSteps.map {
            ("in \($0.steps) steps", "after \(last) training steps, sampled in \($0.steps)", $0.values)
        }
        return (earlier ?? [])
            + [(StudyResults.finalView, "after \(last) training steps", samples!.student)] + several
    }
}
