import Specification

extension SpecError {
    /// The same error with a value for each missing key, as the bundled study `quickstart` has it: at the same path, or at another
    /// place of the same name.
    var withExamples: SpecError {
        guard issues.contains(where: { $0.problem.hasPrefix("missing key ") }),
            let study = try? SpecTree(
                yaml: String(decoding: PackageResources.examples_yaml, as: UTF8.self), file: "quickstart.yaml")
        else { return self }
        var error = self
        error.issues = issues.map { issue in
            guard let match = issue.problem.wholeMatch(of: /missing key '([^']+)' in (\S+)/) else { return issue }
            let key = String(match.1), path = match.2.split(separator: ".").map(String.init)
            guard let value = study.value(at: path[...])?[key] ?? study.first(key) else { return issue }
            var issue = issue
            issue.allowed = [issue.allowed, "such as \(key): \(value.flow)"].compactMap { $0 }.joined(separator: "; ")
            return issue
        }
        return error
    }
}

extension SpecTree {
    fileprivate func value(at path: ArraySlice<String>) -> SpecTree? {
        guard let key = path.first else { return self }
        return self[key]?.value(at: path.dropFirst())
    }

    /// The first value of a key anywhere below, in the order of the file.
    fileprivate func first(_ key: String) -> SpecTree? {
        for entry in mapping?.entries ?? [] {
            if entry.key == key { return entry.value }
            if let found = entry.value.first(key) { return found }
        }
        return nil
    }

    /// The value on one line, as YAML.
    fileprivate var flow: String {
        switch content {
        case .mapping(let mapping):
            "{" + mapping.entries.map { "\($0.key): \($0.value.flow)" }.joined(separator: ", ") + "}"
        case .sequence(let elements): "[" + elements.map(\.flow).joined(separator: ", ") + "]"
        case .scalar(let scalar): scalar.description
        case .null: "~"
        }
    }
}
