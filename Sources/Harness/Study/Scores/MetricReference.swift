import FlowMaps

/// The set that samples are measured against.
public enum MetricReference: Hashable, Sendable {
    /// Samples of the teacher, as many as of the student, from noise of their own.
    case teacher
    /// All rows of the data set, as they are, with samples drawn in the shares of its classes.
    case data
    /// A mean and a covariance of features, from a file.
    case statistics(StatisticsFile)

    /// The name in scores, claims and records: "teacher", "data", or that of the file.
    public var name: String {
        switch self {
        case .teacher: Self.teacherName
        case .data: Self.dataName
        case .statistics(let file): file.name
        }
    }

    package static let teacherName = "teacher", dataName = "data"

    /// The name of a score that is taken against this reference.
    package func named(_ score: String) -> String {
        if case .teacher = self { return score }
        return "\(score).\(name)"
    }

    /// The name of the reference in a score's name: "data" of `frechetDistance.data`, "teacher" where it has none.
    package static func name(inScore score: String) -> String {
        let parts = ScoreName(score).metric.split(separator: ".", maxSplits: 1)
        return parts.count == 2 ? String(parts[1]) : teacherName
    }
}

extension MetricReference: Codable {
    /// The mapping `{statistics: FILE.npz}`.
    private enum CodingKeys: String, CodingKey, CaseIterable { case statistics }

    /// Decodes "teacher", "data" or `{statistics: FILE.npz}`.
    public init(from decoder: any Decoder) throws {
        if let word = try? decoder.singleValueContainer().decode(String.self) {
            switch word {
            case Self.teacherName: self = .teacher
            case Self.dataName: self = .data
            default:
                throw Violation(
                    key: nil, found: "'\(word)'",
                    allowed: "\(Self.teacherName), \(Self.dataName), {statistics: FILE.npz}")
            }
            return
        }
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self = .statistics(try container.decode(StatisticsFile.self, forKey: .statistics))
    }

    /// Encodes the reference in the form that a study writes.
    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .teacher, .data:
            var container = encoder.singleValueContainer()
            try container.encode(name)
        case .statistics(let file):
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(file, forKey: .statistics)
        }
    }
}
