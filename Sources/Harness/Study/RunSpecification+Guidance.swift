import FlowMaps

extension RunSpecification {
    /// All guidance of the run, with the key path of each.
    var guidances: [(key: String, guidance: Guidance)] {
        (evaluation.teacher.guidance.map { [("evaluation.teacher.guidance", $0)] } ?? []) + trainingGuidances
    }

    /// The student's training is guided away from a weak teacher.
    var isTrainingWeaklyGuided: Bool {
        trainingGuidances.contains { $0.guidance.isActive && $0.guidance.by == .weakTeacher }
    }

    private var trainingGuidances: [(key: String, guidance: Guidance)] {
        student.method.written.compactMap { key, part in part.guidance.map { ("\(key).guidance", $0) } }
    }

    func checkTeacher(_ teacher: TeacherSource, _ key: String) throws(Violation) {
        switch teacher {
        // The content of a file is checked when it is read.
        case .checkpoint: return
        case .trained(let training):
            do { try training.network.validate(for: data.image) } catch { throw error.under("\(key).network") }
            try checkTraining(training, key)
        case .exact(let exact):
            try require(
                data.distribution != nil, "\(key).exact", found: "data whose distribution is not known",
                allowed: "a teacher that is trained, or planar eightGaussians, a mixture of Gaussians")
            do { try exact.network.validate(for: data.image) } catch { throw error.under("\(key).exact.network") }
            if let training = exact.training { try checkTraining(training, "\(key).exact") }
        }
    }

    func checkGuidance() throws(Violation) {
        for (key, guidance) in guidances where guidance.isActive {
            switch guidance.by ?? .unconditional {
            case .unconditional:
                try require(
                    data.classCount > 0, key, found: "scale \(guidance.scale)",
                    allowed: "no guidance, as the data have no classes")
                try require(
                    teacher.knowsNoClass, key, found: "scale \(guidance.scale)",
                    allowed: "scale 1, or a teacher with labelDropout above 0")
            case .weakTeacher:
                try require(
                    weakTeacher != nil, "\(key).by", found: "weakTeacher",
                    allowed: "unconditional, as base has no weakTeacher")
            }
        }
        let isUsed = guidances.contains { $0.guidance.isActive && $0.guidance.by == .weakTeacher }
        try require(
            weakTeacher == nil || isUsed, "weakTeacher", found: "a teacher that no guidance leads away from",
            allowed: "nothing, or some guidance with by: weakTeacher and another scale than 1")
    }

    /// Checks that the student's guidance scales are drawn where its method uses them, and that the evaluation names
    /// one where it is conditioned on them.
    func checkScales() throws(Violation) {
        let place = "evaluation.teacher.guidance"
        for (key, guidance) in guidances {
            switch guidance.scale {
            case .drawn where key == place:
                throw Violation(
                    key: "\(key).scale", found: "drawn", allowed: "a number: the teacher is sampled at one scale")
            case .drawn where student.guidanceScales == nil:
                throw Violation(
                    key: "\(key).scale", found: "drawn",
                    allowed: "a number, or a distribution in student.guidanceScales")
            case .fixed(let scale) where key != place && student.guidanceScales != nil:
                throw Violation(
                    key: "\(key).scale", found: "\(scale)",
                    allowed: "drawn, as student.guidanceScales has a distribution")
            case .drawn, .fixed: continue
            }
        }
        if student.guidanceScales != nil {
            try require(
                guidances.contains { $0.guidance.scale == .drawn }, "student.guidanceScales",
                found: "a distribution that no guidance uses",
                allowed: "nothing, or some guidance of the method with scale: drawn")
        }
        guard let isToldScale = studentSource.isToldScale else { return }
        let isFile = studentSource.checkpoint != nil
        if isToldScale {
            try require(
                evaluation.guidanceScale != nil, "evaluation", found: "no guidanceScale",
                allowed: "the scale that the student is asked for, as "
                    + (isFile ? "its network is told one" : "student.guidanceScales has a distribution"))
        } else if let scale = evaluation.guidanceScale {
            throw Violation(
                key: "evaluation.guidanceScale", found: "\(scale)",
                allowed: "nothing, as "
                    + (isFile ? "the student's network is told none" : "student.guidanceScales has no distribution"))
        }
    }

    /// Files must be read before everything is known.
    var hasFiles: Bool {
        data.hasFiles || studentData?.hasFiles == true || teacher.isFile || weakTeacher?.isFile == true
            || studentSource.checkpoint != nil
            || evaluation.hasFiles
    }

    /// The same with the content of its teachers' files.
    /// - Parameter evaluation: its evaluation with the content of that one's files.
    /// - Throws: `InputError`, `CheckpointError`, and `Violation` for a file that does not fit.
    func resolved(_ evaluation: Evaluation) throws -> RunSpecification {
        func find(_ teacher: TeacherSource, _ key: String) throws -> TeacherSource {
            do { return try teacher.resolved(for: data) } catch let violation as Violation {
                throw violation.under("\(key).checkpoint")
            }
        }
        let student: StudentSource
        do { student = try studentSource.resolved(for: data) } catch let violation as Violation {
            throw violation.under("student.checkpoint")
        }
        return replacing(
            teacher: try find(teacher, "teacher"), weakTeacher: try weakTeacher.map { try find($0, "weakTeacher") },
            student: student, evaluation: evaluation)
    }

    private func replacing(
        teacher: TeacherSource, weakTeacher: TeacherSource?, student: StudentSource, evaluation: Evaluation
    ) -> RunSpecification {
        RunSpecification(
            data: data, teacher: teacher, weakTeacher: weakTeacher, studentData: studentData, student: student,
            evaluation: evaluation, seed: seed, sharedSeed: sharedSeed)
    }
}
