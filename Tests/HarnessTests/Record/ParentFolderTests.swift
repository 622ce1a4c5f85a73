import Testing

@testable import Specification

@Suite("The folder of a path")
struct ParentFolderTests {
    @Test(
        "is what stands before its last part",
        arguments: [
            ("a", ""), ("name", ""), ("a/b", "a"), ("a/b/c", "a/b"), ("/a", "/"), ("/a/b", "/a"), ("a/", ""),
            ("a/b//", "a"),
            ("a//b", "a"), ("/", "/"), ("", ""), (".", ""), ("../a", ".."),
        ])
    func parts(path: String, folder: String) { #expect(parentFolder(of: path) == folder) }
}
