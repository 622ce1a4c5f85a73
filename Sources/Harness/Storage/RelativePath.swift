import Foundation

/// A path as it is written in a file of a folder, to be found from there: "quickstart/figures/drift.svg", "../tiny".
/// - Parameter folder: "" for the working directory.
package func relativePath(of path: String, from folder: String) -> String {
    func parts(_ path: String) -> [String] {
        URL(fileURLWithPath: path.isEmpty ? "." : path).standardizedFileURL.pathComponents
    }
    let (target, start) = (parts(path), parts(folder))
    let shared = zip(target, start).prefix { $0 == $1 }.count
    return (Array(repeating: "..", count: start.count - shared) + target.dropFirst(shared)).joined(separator: "/")
}
