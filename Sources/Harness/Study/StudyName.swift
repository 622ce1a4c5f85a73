/// The names that a study may have: its folder is named so, beside what the program itself writes there.
package enum StudyName {
    /// What lies in a folder of results beside the folders of studies, in small letters: some file systems know no others.
    private static let reserved = ["cache", "report.md", "report.html", "readme.md"]
    /// Folder names end at 255 bytes on common file systems; the rest is left for what is put behind a name while it is written.
    private static let longest = 200

    /// What would be allowed in place of a name; nil for one that may be used.
    static func refusal(of name: String) -> String? {
        guard isWord(name) else { return "letters, digits and . _ + -" }
        guard !name.allSatisfy({ $0 == "." }) else { return "not dots alone" }
        guard name.utf8.count <= longest else { return "at most \(longest) letters, as a folder is named so" }
        guard !reserved.contains(name.lowercased()) else {
            return "any other: what studies share, or a report of several, has this name"
        }
        return nil
    }
}
