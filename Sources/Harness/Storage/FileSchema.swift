/// The layouts of the files that this program writes, as stored in the files: "ablate.run/2" is the second layout of
/// a record.
package enum FileSchema {
    /// Describes the layout found in place of the expected one: an earlier or a later version of it, another layout,
    /// or none.
    package static func describing(_ found: String?, expected: String) -> String {
        guard let found else { return "no schema" }
        guard let (name, version) = parts(found), let (expectedName, expectedVersion) = parts(expected),
            name == expectedName, version != expectedVersion
        else { return "schema '\(found)'" }
        return "schema '\(found)', of \(version < expectedVersion ? "an earlier" : "a later") version of ablate"
    }

    private static func parts(_ text: String) -> (name: Substring, version: Int)? {
        let parts = text.split(separator: "/")
        guard parts.count == 2, let version = Int(parts[1]) else { return nil }
        return (parts[0], version)
    }
}
