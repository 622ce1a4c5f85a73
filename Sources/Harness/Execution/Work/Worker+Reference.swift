import Tensors
import FlowMaps
import Foundation
import Results
import Storage
import Study

/// The product of a reference stage, read back.
struct Reference {
    let reference, teacher: [Float]
    let scores: ReferenceScores
    /// Features that a program answered; nil where they are computed again.
    let features: KnownFeatures?
    /// The teacher's path for the drift; nil where it is not measured.
    let path: TeacherPath?
}

/// The teacher's path from the first of the evaluation noise, and the drift of one Euler step from it.
struct TeacherPath {
    let curve: DriftCurve
    let ceiling: [Double]
}

extension Worker {
    func sample(_ stage: ReferenceStage, to path: String, _ attempt: Attempt) throws -> StageResult {
        let data = try trainingData(stage.teacher.data, isRead: stage.comparesWithData)
        let guidance = stage.sampling.guidance
        let field = GuidedVelocity(try velocity(stage.teacher, weak: stage.weakTeacher, for: data), guidance)
        func noise(_ purpose: String) -> EvaluationNoise {
            EvaluationNoise(
                purpose, count: stage.samples, data: data, seed: stage.seed, classes: stage.classes,
                hasClassShares: stage.comparesWithData)
        }
        let own = noise("reference"), evaluation = noise("evaluation")
        try attempt.reportProgress(0, of: 2, "sampling the teacher")
        let sampler = stage.sampling.sampler, cache = ProgramCache(backend)
        let reference = try sampler(field, noise: own.noise, given: own.condition, key: own.key, on: cache)
        if stop.isRequested { throw Stopped() }
        try NotFinite.check(reference, dimension: data.dimension, "the teacher's samples")
        try attempt.reportProgress(1, of: 2, "sampling the teacher")
        var states: [(step: Int, state: [Float])] = []
        let driftSteps = sampler.driftSteps(Evaluation.driftDurations)
        let kept = min(stage.samples, Evaluation.mostDriftSamples) * data.dimension
        let run = try sampler.run(
            field, noise: evaluation.noise, given: evaluation.condition, key: evaluation.key, on: cache
        ) { step, state in
            if driftSteps.contains(step) { states.append((step, Array(state[..<kept]))) }
        }
        let teacher = run.values
        try NotFinite.check(teacher, dimension: data.dimension, "the teacher's samples")
        let oneStep = Sampler.euler(steps: 1)
        let ceiling = try oneStep.run(field, noise: evaluation.noise, given: evaluation.condition, on: cache)
        let coarse = ceiling.values
        try NotFinite.check(coarse, dimension: data.dimension, "the teacher's samples in one step of Euler's method")
        let host = try PlugInHost(.reference(stage), of: stage.teacher.data, by: self) { try attempt.reportProgram($0) }
        defer { host.close() }
        let extractor = FeatureExtractor(
            stage, classifier: try stage.classifier.map { try classifier($0, for: data) }, host: host,
            dimension: data.dimension, on: cache)
        let sets = try referenceSets(
            stage, reference: reference, labels: own.labels, data: data, extractor, on: cache)
        let evaluator = try Evaluator(
            stage, sets: sets, teacher: teacher, noise: evaluation, extractor: extractor, host: host,
            classes: data.classes, on: cache
        ) { try attempt.report($0) }
        let scores = ReferenceScores(
            floor: try evaluator(teacher, subject: "the teacher"),
            floorEvaluations: run.evaluations(guidance: guidance),
            ceiling: try evaluator(coarse, subject: "the teacher in 1 Euler step"),
            ceilingEvaluations: ceiling.evaluations(guidance: guidance))
        try CachedFile.write(.reference(stage), to: path, cost: attempt.spent.cost, sealing: attempt.seal) { root in
            let shape = [stage.samples, data.dimension]
            try root.write("reference", reference, shape: shape)
            try root.write("teacher", teacher, shape: shape)
            try scores.write(to: root.group("scores"))
            if stage.featureProgram != nil { try KnownFeatures(sets).write(to: root.group("features")) }
            if stage.evaluatedMetrics.contains(where: { $0.metric == .drift }) {
                let curve = DriftCurve(durations: states.map { 1 - sampler.time($0.step) }, states: states.map(\.state))
                // One Euler step makes the state at t = 0, and a straight line leads there.
                let start = evaluation.values[..<kept]
                let straight = curve(
                    curve.durations.map { duration in
                        zip(start, coarse).map { $0 + Float(duration) * ($1 - $0) }
                    })
                try TeacherPath(curve: curve, ceiling: straight).write(to: root.group("path"))
            }
        }
        try attempt.reportProgress(2, of: 2, "sampled")
        return .done
    }

    func reference(_ stage: ReferenceStage) throws -> Reference {
        try product(.reference(stage)) { root in
            Reference(
                reference: try root.read("reference", as: Float.self).values,
                teacher: try root.read("teacher", as: Float.self).values,
                scores: try ReferenceScores(root.group("scores")),
                features: try root.groupNames().contains("features") ? KnownFeatures(root.group("features")) : nil,
                path: try root.groupNames().contains("path") ? TeacherPath(root.group("path")) : nil)
        }
    }

    /// The drift of a student from the teacher's path; nil where it is not measured.
    /// - Parameter condition: the student's condition, one row per row of noise.
    func drift(
        of student: some FlowMap, from reference: Reference, _ noise: Tensor, given condition: Condition
    ) throws -> Drift? {
        guard let path = reference.path else { return nil }
        let dimension = noise.shape[1], count = path.curve.states[0].count / dimension
        return Drift(
            durations: path.curve.durations,
            student: try path.curve(
                student, noise: noise.slice(0..<count), given: condition.prefix(count), on: backend),
            ceiling: path.ceiling)
    }
}

extension Condition {
    /// The condition of the first rows.
    func prefix(_ count: Int) -> Condition {
        Condition(labels: labels?.slice(0..<count), guidance: guidance?.slice(0..<count))
    }
}

extension TeacherPath {
    func write(to group: HDF5Group) throws {
        try group.setAttribute("durations", curve.durations)
        try group.setAttribute("ceiling", ceiling)
        for (index, state) in curve.states.enumerated() {
            try group.write("state \(index)", state, shape: [state.count])
        }
    }

    init(_ group: HDF5GroupReader) throws {
        let durations = try group.numbers("durations")
        curve = DriftCurve(
            durations: durations,
            states: try durations.indices.map { try group.read("state \($0)", as: Float.self).values })
        ceiling = try group.numbers("ceiling")
    }
}
