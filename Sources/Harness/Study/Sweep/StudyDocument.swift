import Specification

/// A study file in parts: its name, its question, its sweep, and the sections that other types decode.
package struct StudyDocument: Sendable {
    /// The name, of letters, digits and `. _ + -`: it is the name of the study's folder.
    package let name: String
    /// The study's question, a sentence.
    package let question: String
    package let sweep: Sweep
    /// The other top-level keys of the file, in its order, not yet decoded.
    package let sections: SpecMapping

    private static let ownKeys = ["study", "question", "base", "axes", "include", "exclude"]

    /// - Parameter sections: the further top-level keys allowed, such as `claims`.
    package init(_ tree: SpecTree, sections: [String] = []) throws(SpecError) {
        guard let mapping = tree.mapping else {
            throw SpecError(tree.mark, "a study is a mapping", found: tree.summary)
        }
        try checkKeys(mapping, Self.ownKeys + sections, "the document")
        func required(_ key: String) throws(SpecError) -> SpecTree {
            guard let value = mapping[key]?.value, !value.isNull else {
                throw SpecError(
                    tree.mark, "missing key '\(key)' in the document", found: mapping.keys.joined(separator: ", "))
            }
            return value
        }
        let study = try required("study")
        name = try StrictDecoder().decode(String.self, from: study, at: "study")
        if let allowed = StudyName.refusal(of: name) {
            throw SpecError(study.mark, "not usable as a study name", found: "'\(name)'", allowed: allowed)
        }
        question = try StrictDecoder().decode(String.self, from: try required("question"), at: "question")
        sweep = try Sweep(
            base: try required("base"), axes: mapping["axes"]?.value, include: mapping["include"]?.value,
            exclude: mapping["exclude"]?.value)
        self.sections = SpecMapping(mapping.entries.filter { sections.contains($0.key) && !$0.value.isNull })
    }
}
