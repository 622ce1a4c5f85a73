import Specification
import Study

/// How two records differ, in what decides them and in what they measured.
package struct RecordDiff: Sendable {
    /// Keys of the specification that are not the same, and versions of stages.
    package let fingerprint: [Difference]
    /// Facts of the making that are not the same, times aside: versions, machine.
    package let facts: [Difference]
    /// What was measured and is not bitwise the same.
    package let measured: [Measured]
    /// The last value of each score, in the first record's order.
    package let scores: [Score]

    package struct Measured: Sendable, CustomStringConvertible {
        /// "evaluation frechetDistance", "samples of the student".
        package let name: String
        package let how: How

        package enum How: Sendable {
            /// The first step at which they differ, and the largest difference over all.
            case curve(step: Int, largest: Double)
            /// The largest difference of numbers that stand at one place.
            case values(largest: Double)
            /// They are not over the same steps, or not as many.
            case shape(String)
        }

        package var description: String {
            switch how {
            case .curve(let step, let largest): "\(name) from step \(step) on, by up to \(NumberFormat.text(largest))"
            case .values(let largest): "\(name) by up to \(NumberFormat.text(largest))"
            case .shape(let text): "\(name): \(text)"
            }
        }
    }

    package struct Score: Sendable {
        package let name: String
        /// Nil where the record has none of that name.
        package let first, second: Double?
    }

    /// Whether everything that was measured is the same in every bit.
    package var isBitwiseSame: Bool { measured.isEmpty }

    package init(_ first: Record, _ second: Record) {
        fingerprint = RunFingerprint(RunStage(run: second.run)).differences(
            from: RunFingerprint(RunStage(run: first.run)))
        facts = Self.facts(first.provenance, second.provenance)
        measured = Self.measured(first, second)
        let (old, new) = (first.evaluation.last, second.evaluation.last)
        scores = (old.names + new.names.filter { !old.names.contains($0) }).map {
            Score(name: $0, first: old[$0], second: new[$0])
        }
    }

    /// Facts that every two records differ in.
    private static let passing: Set = ["started", "ended", "interruptions"]

    private static func facts(_ first: Provenance, _ second: Provenance) -> [Difference] {
        func fields(_ provenance: Provenance) -> CanonicalValue {
            .mapping(
                provenance.facts.filter { !passing.contains($0.name) }.map { .init($0.name, .string($0.value)) })
        }
        return fields(second).differences(from: fields(first))
    }
}

extension RecordDiff {
    private static func measured(_ first: Record, _ second: Record) -> [Measured] {
        var measured: [Measured] = []
        if first.outcome != second.outcome {
            measured.append(
                Measured(name: "outcome", how: .shape("\(first.outcome.text) and \(second.outcome.text)")))
        }
        measured += curves("training", first.training, second.training)
        measured += curves("evaluation", first.evaluation, second.evaluation)
        for (name, scores) in [("floor", \ReferenceScores.floor), ("ceiling", \.ceiling)] {
            let (old, new) = (first.reference[keyPath: scores], second.reference[keyPath: scores])
            for score in old.names where new[score].map({ !isSame($0, old[score]!) }) ?? true {
                let name = "\(name) of the teacher's \(score)"
                measured.append(
                    Measured(
                        name: name,
                        how: new[score].map { .values(largest: gap(old[score]!, $0)) } ?? .shape("only in the first")))
            }
        }
        if first.features != second.features {
            measured.append(Measured(name: "features", how: .shape("of different classifiers")))
        }
        measured += drift(first.drift, second.drift)
        measured += searches(first.search, second.search)
        measured += samples("student", first.samples?.student, second.samples?.student)
        let kept = [first.samples, second.samples].compactMap { $0 }
        for steps in Set(kept.flatMap(\.steps)).subtracting([1]).sorted() {
            measured += samples(
                "student in \(steps) steps", first.samples?.student(in: steps), second.samples?.student(in: steps))
        }
        measured += samples("teacher", first.samples?.teacher, second.samples?.teacher)
        measured += samples(
            "student over training", first.overTraining?.values.flatMap { $0 },
            second.overTraining?.values.flatMap { $0 })
        for (whose, states) in [("student", \Trajectories.student), ("teacher", \.teacher)] {
            measured += samples(
                "\(whose)'s trajectories", first.trajectories?[keyPath: states].flatMap { $0 },
                second.trajectories?[keyPath: states].flatMap { $0 })
        }
        return measured
    }

    private static func curves(_ kind: String, _ first: Curves, _ second: Curves) -> [Measured] {
        guard first.steps == second.steps else {
            return [Measured(name: kind, how: .shape("\(first.steps.count) and \(second.steps.count) other steps"))]
        }
        return (first.names + second.names.filter { !first.names.contains($0) }).compactMap { name in
            guard let old = first[name], let new = second[name] else {
                return Measured(name: "\(kind) \(name)", how: .shape("only in one of the two"))
            }
            guard let index = zip(old, new).enumerated().first(where: { !isSame($1.0, $1.1) })?.offset else {
                return nil
            }
            let largest = zip(old, new).map(gap).max() ?? 0
            return Measured(name: "\(kind) \(name)", how: .curve(step: first.steps[index], largest: largest))
        }
    }

    private static func drift(_ first: Drift?, _ second: Drift?) -> [Measured] {
        guard first?.durations == second?.durations else {
            return [Measured(name: "drift", how: .shape("not over the same durations"))]
        }
        guard let first, let second else { return [] }
        let pairs = zip(first.student + first.ceiling, second.student + second.ceiling).filter { !isSame($0, $1) }
        return pairs.isEmpty ? [] : [Measured(name: "drift", how: .values(largest: pairs.map(gap).max()!))]
    }

    private static func searches(_ first: SearchCurves?, _ second: SearchCurves?) -> [Measured] {
        func outline(_ curves: SearchCurves?) -> [String]? {
            curves.map { curves in curves.budgets.map(String.init) + curves.lines.map(\.strategy.rawValue) }
        }
        func numbers(_ curves: SearchCurves) -> [Double] { curves.lines.flatMap { $0.score + $0.distance } }
        guard outline(first) == outline(second) else {
            return [Measured(name: "search", how: .shape("not over the same strategies and budgets"))]
        }
        guard let first, let second else { return [] }
        let pairs = zip(numbers(first), numbers(second)).filter { !isSame($0, $1) }
        return pairs.isEmpty ? [] : [Measured(name: "search", how: .values(largest: pairs.map(gap).max()!))]
    }

    private static func samples(_ whose: String, _ first: [Float]?, _ second: [Float]?) -> [Measured] {
        let name = "samples of the \(whose)"
        guard first?.count == second?.count else { return [Measured(name: name, how: .shape("not as many"))] }
        guard let first, let second else { return [] }
        let pairs = zip(first, second).filter { !isSame($0, $1) }
        guard !pairs.isEmpty else { return [] }
        return [Measured(name: name, how: .values(largest: pairs.map { gap(Double($0), Double($1)) }.max()!))]
    }

    /// In every bit; every NaN is the same.
    private static func isSame<Number: BinaryFloatingPoint>(_ left: Number, _ right: Number) -> Bool {
        left.isNaN ? right.isNaN : left == right && left.sign == right.sign
    }

    private static func gap(_ left: Double, _ right: Double) -> Double {
        if isSame(left, right) { return 0 }
        let gap = abs(left - right)
        return gap.isNaN ? .infinity : gap
    }
}

extension Record.Outcome {
    fileprivate var text: String {
        switch self {
        case .done: "done"
        case .diverged(let step, _): "diverged at step \(step)"
        }
    }
}
