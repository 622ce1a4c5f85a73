/// The layouts of the files that this program writes, as the files themselves say them: "ablate.run/2" is the second layout of a record.
package enum FileSchema {
    /// Says what a file has in place of the expected layout: an earlier or a later version of it, something else, or nothing.
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
