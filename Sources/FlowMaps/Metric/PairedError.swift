/// The relative squared error of a student against its teacher from the same noise:
/// E|student(z) - teacher(z)|² / E|teacher(z) - z|².
///
/// Zero exactly when every pair agrees; one for a student that leaves the noise where it is. It has a meaning only for
/// methods that imitate the teacher's map, not for those that match distributions.
public struct PairedError: Sendable {
    /// The teacher's samples from the noise, `[count × dimension]`.
    private let teacher: [Float]
    /// The sum of |teacher(z) - z|².
    private let scale: Double

    /// The teacher's samples, and the noise that each began as; both `[count × dimension]`, row-major.
    public init(teacher: [Float], noise: [Float]) {
        self.teacher = teacher
        scale = squaredDifference(teacher, noise)
    }

    /// The error of the student's samples `[count × dimension]`; NaN or infinite where one is not finite.
    public func callAsFunction(_ student: [Float]) -> Double {
        squaredDifference(student, teacher) / scale
    }
}

/// The sum of the squared differences, in double precision.
private func squaredDifference(_ first: [Float], _ second: [Float]) -> Double {
    precondition(first.count == second.count, "paired samples of \(first.count) and \(second.count) numbers")
    var total = 0.0
    for index in first.indices {
        let difference = Double(first[index]) - Double(second[index])
        total += difference * difference
    }
    return total
}

extension Metric {
    /// `PairedError`, from the same noise.
    public static let pairedError = Metric(
        "pairedError", comparing: .pairs, on: .samples,
        by: Scoring("pairedError") { reference in
            let error = PairedError(teacher: reference.teacher, noise: reference.noise)
            return { [error($0.samples)] }
        })
}
