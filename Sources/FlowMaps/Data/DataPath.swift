/// A file or a folder that a spec names; nothing here opens it.
///
/// A relative path is meant from the folder of the file that it is written in, which the decoder tells under
/// `CodingUserInfoKey.folder`; without one it stays as it is.
public struct DataPath: Codable, Hashable, Sendable, CustomStringConvertible {
    public let text: String

    public init(_ text: String) { self.text = text }

    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        let folder = decoder.userInfo[.folder] as? String
        self.init(text.hasPrefix("/") ? text : folder.map { "\($0)/\(text)" } ?? text)
    }

    /// Where the encoder asks only for what decides results, a path says nothing: the same files may lie anywhere.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if encoder.isDecisiveOnly { try container.encodeNil() } else { try container.encode(text) }
    }

    public var description: String { text }
}

extension CodingUserInfoKey {
    /// The absolute path, a `String`, of the folder that relative paths are meant from.
    public static let folder = CodingUserInfoKey(rawValue: "folder")!
    /// `true` where a value is encoded for what decides results: not where files lie, nor how many threads compute.
    public static let isDecisiveOnly = CodingUserInfoKey(rawValue: "isDecisiveOnly")!
}

extension Encoder {
    /// Whether only what decides results is asked for.
    var isDecisiveOnly: Bool { userInfo[.isDecisiveOnly] as? Bool ?? false }
}
