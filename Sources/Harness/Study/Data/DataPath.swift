import FlowMaps
import Specification

/// The path of a file or folder that a specification names; this module opens neither.
///
/// A relative path is relative to the folder of the file that contains it, which the decoder passes under
/// `CodingUserInfoKey.folder`; without that folder it stays as it is. Two paths are equal where they are written alike.
package struct DataPath: Codable, Hashable, Sendable, CustomStringConvertible {
    /// The path, absolute where the folder of the specification was known.
    package let text: String
    /// The path as the specification has it.
    package let written: String

    /// Stands between the folder and the path as it is written, so that a path is one text between processes.
    private static let mark = "/./"

    /// A path that is taken as it is.
    package init(_ text: String) { (self.text, written) = (text, text) }

    /// A path as it is written in a file of a folder.
    private init(_ written: String, in folder: String) {
        (text, self.written) = (written.hasPrefix("/") ? written : "\(folder)/\(written)", written)
    }

    /// Decodes the value from a specification or a record.
    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        if let folder = decoder.userInfo[.folder] as? String {
            self.init(text, in: folder)
        } else if let mark = text.firstRange(of: Self.mark) {
            self.init(String(text[mark.upperBound...]), in: String(text[..<mark.lowerBound]))
        } else {
            self.init(text)
        }
    }

    /// Encodes the path: as it is written where the encoder is for a record or a model, together with its folder for another process, or
    /// nil where the encoder includes only what decides results: the same files may lie anywhere.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if encoder.isDecisiveOnly { return try container.encodeNil() }
        let isShort = encoder.isForReaders || written == text
        try container.encode(isShort ? written : "\(text.dropLast(written.count + 1))\(Self.mark)\(written)")
    }

    /// The path.
    package var description: String { text }

    /// Whether they are written alike.
    package static func == (first: DataPath, second: DataPath) -> Bool { first.written == second.written }

    /// Hashes what is compared.
    package func hash(into hasher: inout Hasher) { hasher.combine(written) }
}
