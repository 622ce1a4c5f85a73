import ArgumentParser

/// A kind of study that `init` writes: its question, axes and claims over one commented base.
enum StudyTemplate: String, CaseIterable, ExpressibleByArgument {
    case objectives, mismatch, sweep, baselines

    private var bytes: [UInt8] {
        switch self {
        case .objectives: PackageResources.objectives_yaml
        case .mismatch: PackageResources.mismatch_yaml
        case .sweep: PackageResources.sweep_yaml
        case .baselines: PackageResources.baselines_yaml
        }
    }

    /// The text of a study whose first line names its schema, for editors.
    /// - Parameters:
    ///   - data: a value of `base.data` in YAML that takes the place of the digits; nil keeps them.
    ///   - teacher: the path of a teacher that takes the place of the one that is trained; nil trains one.
    func text(name: String, data: String?, teacher: String?, schema: String) -> String {
        let own = String(decoding: bytes, as: UTF8.self), parts = own.split(separator: "\n\n", maxSplits: 1)
        var base = String(decoding: PackageResources.base_yaml, as: UTF8.self)
        if let data { base = Self.replacing("data", by: "data: \(data)", in: base) }
        if let teacher { base = Self.replacing("teacher", by: "teacher: {checkpoint: \"\(teacher)\"}", in: base) }
        return """
            # yaml-language-server: $schema=\(schema)
            # Run it with: ablate run \(name).yaml. What it does, and how long it takes: ablate plan \(name).yaml.
            study: \(name)
            \(parts[0])

            \(base)
            \(parts[1])
            """
    }

    /// The base with one of its keys, and what stands deeper below it, replaced by a line.
    private static func replacing(_ key: String, by line: String, in base: String) -> String {
        var result: [Substring] = [], isInside = false
        for row in base.split(separator: "\n", omittingEmptySubsequences: false) {
            if row.hasPrefix("  \(key):") {
                result.append("  \(line)")
                isInside = true
            } else if isInside, row.hasPrefix("    ") {
                continue
            } else {
                isInside = false
                result.append(row)
            }
        }
        return result.joined(separator: "\n")
    }
}
