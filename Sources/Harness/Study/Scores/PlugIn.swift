import FlowMaps
import Specification

/// A program of the user's that takes part in an evaluation: it answers numbers about samples, or their features.
///
///     metrics: [{command: [python3, fid.py], version: 1, timeout: 600, scores: [fid], reference: data}]
///     features: {command: [python3, features.py], version: 1, timeout: 600}
///
/// It is run without a shell, in the study's folder, with the folder of its samples as the last argument.
public struct PlugIn: Hashable, Sendable {
    /// The program and its arguments. Those that name a file of `folder` are known by the content of that file.
    public let command: [String]
    /// Other files that decide its answers: modules, weights.
    public let files: [String]
    /// A number that is raised where the same files would answer otherwise, as with another release of a library.
    public let version: Int
    /// Seconds after which one call is ended, and with it the evaluation.
    public let timeout: Double
    /// The names of the numbers that it answers; nil of one that answers features.
    public let scores: [String]?
    /// The set that its scores are taken against, which it finds beside the samples; nil is the teacher.
    public let reference: MetricReference?
    /// The forms in which samples lie in its folder; nil is `npz` alone.
    public let formats: [Format]?
    /// The folder in which the program runs and its files lie: that of the study, if none is given.
    package let folder: DataPath
    /// The content of its files, by their names; filled in when the study is read.
    public let content: [File]?

    /// The forms of samples.
    public enum Format: String, Codable, Hashable, Sendable, CaseIterable {
        /// `samples.npz`: bytes [count, height, width, channels] of images, float32 of other samples, and labels.
        case npz
        /// `samples-float32.npz`: the numbers as they are, [count, height, width, channels] of images.
        case float32
        /// A folder `samples` of one PNG each.
        case png
    }

    /// A file of the program's with its content.
    public struct File: Codable, Hashable, Sendable {
        /// Its name, as the command has it.
        public let name: String
        /// SHA-256 of its bytes, 64 hexadecimal digits.
        public let hash: String
    }

    /// The most seconds of one call: a week.
    private static let mostSeconds = 604_800.0

    /// A plug-in from its settings.
    package init(
        command: [String], files: [String] = [], version: Int, timeout: Double, scores: [String]? = nil,
        reference: MetricReference? = nil, formats: [Format]? = nil, folder: DataPath, content: [File]? = nil
    ) {
        (self.command, self.files, self.version, self.timeout) = (command, files, version, timeout)
        (self.scores, self.reference, self.formats) = (scores, reference, formats)
        (self.folder, self.content) = (folder, content)
    }

    /// The set that its scores are taken against.
    package var measuredAgainst: MetricReference { reference ?? .teacher }

    /// The names of its scores, as tables and claims have them.
    package var scoreNames: [String] { (scores ?? []).map(measuredAgainst.named) }

    /// The last part of what names it in messages: "fid.py".
    package var title: String {
        let named = command.dropFirst().first { !$0.hasPrefix("-") } ?? command[0]
        return named.split(separator: "/").last.map(String.init) ?? named
    }
}

extension PlugIn: Codable, Validated {
    /// The keys in a specification.
    public enum CodingKeys: String, CodingKey, CaseIterable {
        case command, files, version, timeout, scores, reference, formats, folder, content
    }

    /// Decodes the value from a specification or a record.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let here = DataPath(decoder.userInfo[.folder] as? String ?? ".")
        self.init(
            command: try container.decode([String].self, forKey: .command),
            files: try container.decodeIfPresent([String].self, forKey: .files) ?? [],
            version: try container.decode(Int.self, forKey: .version),
            timeout: try container.decode(Double.self, forKey: .timeout),
            scores: try container.decodeIfPresent([String].self, forKey: .scores),
            reference: try container.decodeIfPresent(MetricReference.self, forKey: .reference),
            formats: try container.decodeIfPresent([Format].self, forKey: .formats),
            folder: try container.decodeIfPresent(DataPath.self, forKey: .folder) ?? here,
            content: try container.decodeIfPresent([File].self, forKey: .content))
    }

    /// Encodes the value; for an identity without the timeout and the folder, which decide no answer.
    public func encode(to encoder: any Encoder) throws {
        let isDecisiveOnly = encoder.isDecisiveOnly
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(command, forKey: .command)
        if !files.isEmpty { try container.encode(files, forKey: .files) }
        try container.encode(version, forKey: .version)
        if !isDecisiveOnly { try container.encode(timeout, forKey: .timeout) }
        try container.encodeIfPresent(scores, forKey: .scores)
        try container.encodeIfPresent(reference, forKey: .reference)
        try container.encodeIfPresent(formats, forKey: .formats)
        if !isDecisiveOnly { try container.encode(folder, forKey: .folder) }
        try container.encodeIfPresent(content, forKey: .content)
    }

    /// Checks the ranges of the settings.
    public func validate() throws(Violation) {
        try nonEmpty(command, "command")
        for argument in command + files {
            try require(
                !argument.isEmpty && !argument.utf8.contains(0), "command",
                found: "an empty argument, or one with a NUL",
                allowed: "text")
        }
        try require(version, "version", in: 1...)
        try require(
            timeout > 0 && timeout <= Self.mostSeconds, "timeout", found: timeout,
            allowed: "more than 0 seconds, at most a week")
        if let formats { try nonEmpty(formats, "formats") }
        guard let scores else { return }
        try nonEmpty(scores, "scores")
        for (index, name) in scores.enumerated() {
            let isPlain = name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }
            try require(
                isPlain && !name.isEmpty && Metric(rawValue: name) == nil && !scores[..<index].contains(name), "scores",
                found: "'\(name)'", allowed: "letters, digits, - and _, each name once and none of a metric's")
        }
        if case .statistics = measuredAgainst {
            throw Violation(
                key: "reference", found: "statistics",
                allowed: "teacher or data; 'files' gives a program any other file")
        }
    }
}
