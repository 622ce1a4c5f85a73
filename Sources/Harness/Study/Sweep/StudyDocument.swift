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

    static let ownKeys = ["study", "question", "base", "axes", "include", "exclude"]

    /// Refuses unknown keys; one that belongs in the base is told so, with its path where the command line set it.
    private static func checkKeys(_ mapping: SpecMapping, _ allowed: [String]) throws(SpecError) {
        do throws(SpecError) { try checkNames(mapping, allowed) } catch {
            let probe = SchemaProbe()
            _ = probe.schema(of: RunSpecification.self)
            guard case .object(let keys)? = probe.definitions["\(RunSpecification.self)"] else { throw error }
            var told = error
            let strangers = mapping.entries.filter { !allowed.contains($0.key) }
            for (index, entry) in strangers.enumerated() where keys.contains(where: { $0.name == entry.key }) {
                var path = entry.key
                if case .setting(let text) = entry.mark { path = String(text.prefix { $0 != "=" }) }
                told.issues[index].nearest = "base.\(path)"
            }
            throw told
        }
    }

    private static func checkNames(_ mapping: SpecMapping, _ allowed: [String]) throws(SpecError) {
        let issues = mapping.entries.filter { !allowed.contains($0.key) }.map { entry in
            SpecIssue(
                entry.mark, "unknown key '\(entry.key)' in the document", allowed: allowed.joined(separator: ", "),
                nearest: nearestName(to: entry.key, among: allowed))
        }
        if !issues.isEmpty { throw SpecError(issues) }
    }

    /// - Parameter sections: the further top-level keys allowed, such as `claims`.
    package init(_ tree: SpecTree, sections: [String] = []) throws(SpecError) {
        guard let mapping = tree.mapping else {
            throw SpecError(tree.mark, "a study is a mapping", found: tree.summary)
        }
        try Self.checkKeys(mapping, Self.ownKeys + sections)
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
