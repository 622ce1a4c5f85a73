import FlowMaps
import Specification

/// The path of a file or folder that a specification names; this module opens neither.
///
/// A relative path is relative to the folder of the file that contains it, which the decoder passes under
/// `CodingUserInfoKey.folder`; without that folder it stays as it is.
package struct DataPath: Codable, Hashable, Sendable, CustomStringConvertible {
    /// The path, absolute where the folder of the specification was known.
    package let text: String

    /// A path that is taken as it is.
    package init(_ text: String) { self.text = text }

    /// Decodes the value from a specification or a record.
    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        let folder = decoder.userInfo[.folder] as? String
        self.init(text.hasPrefix("/") ? text : folder.map { "\($0)/\(text)" } ?? text)
    }

    /// Encodes the path, or nil where the encoder includes only what decides results: the same files may lie
    /// anywhere.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if encoder.isDecisiveOnly { try container.encodeNil() } else { try container.encode(text) }
    }

    /// The path.
    package var description: String { text }
}
