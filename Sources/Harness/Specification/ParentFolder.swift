/// The folder that a path lies in: "a" of "a/b", "" of "a", "/" of "/a"; slashes at the end do not count.
///
/// Foundation's `deletingLastPathComponent` crashes on Linux for a path of a single letter (Swift 6.3).
package func parentFolder(of path: String) -> String {
    func trimmed(_ text: Substring) -> Substring {
        text.count > 1 && text.hasSuffix("/") ? trimmed(text.dropLast()) : text
    }
    let path = trimmed(path[...])
    guard let slash = path.lastIndex(of: "/") else { return "" }
    return slash == path.startIndex ? "/" : String(trimmed(path[..<slash]))
}
