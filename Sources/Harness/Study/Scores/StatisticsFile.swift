import FlowMaps

/// A NumPy archive with the mean `mu` [dimension] and the covariance `sigma` [dimension, dimension] of features, as the
/// field's programs write them: `FILE.npz`, or `{file: FILE.npz, name: train, hash: …}`.
///
/// Its content is part of an identity, and so is its name, which is that of the scores; its place is not.
public struct StatisticsFile: Hashable, Sendable {
    /// The file.
    package let file: DataPath
    /// The name of the reference in scores, `frechetDistance.NAME`: that of the file without its end, if none is given.
    public let name: String
    /// SHA-256 of the file, 64 hexadecimal digits; filled in when the study is read. A study may give it, and then refuses
    /// any other file.
    public let hash: String?
    /// The length of the mean; filled in when the study is read.
    public let dimension: Int?

    init(file: DataPath, name: String? = nil, hash: String? = nil, dimension: Int? = nil) {
        (self.file, self.hash, self.dimension) = (file, hash, dimension)
        self.name = name ?? Self.name(of: file.text)
    }

    /// "cifar10-train" of "stats/cifar10-train.npz"; what no name of a score has becomes a hyphen.
    private static func name(of path: String) -> String {
        let last = path.split(separator: "/").last.map(String.init) ?? path
        let stem = last.hasSuffix(".npz") ? String(last.dropLast(4)) : last
        return String(stem.map { isAllowed($0) ? $0 : "-" })
    }

    private static func isAllowed(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || character == "-" || character == "_")
    }
}

extension StatisticsFile: Codable, Validated {
    private enum CodingKeys: String, CodingKey { case file, name, hash, dimension }

    /// Decodes the value from a specification or a record.
    public init(from decoder: any Decoder) throws {
        if let file = try? DataPath(from: decoder) {
            self.init(file: file)
            return
        }
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            file: try container.decode(DataPath.self, forKey: .file),
            name: try container.decodeIfPresent(String.self, forKey: .name),
            hash: try container.decodeIfPresent(String.self, forKey: .hash),
            dimension: try container.decodeIfPresent(Int.self, forKey: .dimension))
    }

    /// Checks that the name is one that a score may have.
    public func validate() throws(Violation) {
        let taken = [MetricReference.teacherName, MetricReference.dataName]
        try require(
            !name.isEmpty && name.allSatisfy(Self.isAllowed) && !taken.contains(name), "name", found: "'\(name)'",
            allowed: "letters, digits, - and _, and neither \(taken.joined(separator: " nor "))")
    }
}
