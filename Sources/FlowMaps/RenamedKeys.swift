/// Keys of a specification of which some had another name once.
///
/// Decoding a study refuses an old name with its file and line, and says the new one.
public protocol RenamedKeys: CodingKey {
    /// The key that took the place of one that is gone, by the name of that one.
    static var renamed: [String: String] { get }
}
