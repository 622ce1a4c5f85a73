/// Keys of a specification, some of which had another name in an earlier version.
///
/// Decoding a study refuses an old name with its file and line, and names the new one.
public protocol RenamedKeys: CodingKey {
    /// The new name of each key that is gone, by its old name.
    static var renamed: [String: String] { get }
}
