/// One setting in which two values differ.
package struct Difference: Equatable, Sendable, CustomStringConvertible {
    /// The key path, such as `student.widths[2]`; empty for the whole value.
    package let path: String
    /// The value before, nil where the setting was not there.
    package let old: CanonicalValue?
    /// The value after, nil where the setting is gone.
    package let new: CanonicalValue?

    package init(path: String, old: CanonicalValue?, new: CanonicalValue?) {
        (self.path, self.old, self.new) = (path, old, new)
    }

    /// `student.width: 64 → 128`, with `absent` for a setting that is not there.
    package var description: String {
        "\(path.isEmpty ? "value" : path): \(old?.summary ?? "absent") → \(new?.summary ?? "absent")"
    }
}

extension CanonicalValue {
    /// The settings in which this value differs from an older one, at the deepest keys: in this value's order, then
    /// those that are gone.
    package func differences(from old: CanonicalValue) -> [Difference] {
        var differences: [Difference] = []
        collect(from: old, at: "", into: &differences)
        return differences
    }

    private func collect(from old: CanonicalValue, at path: String, into differences: inout [Difference]) {
        func inner(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }
        switch (old, self) {
        case (.mapping(let before), .mapping(let after)):
            for field in after {
                guard let previous = old[field.name] else {
                    differences.append(Difference(path: inner(field.name), old: nil, new: field.value))
                    continue
                }
                field.value.collect(from: previous, at: inner(field.name), into: &differences)
            }
            for field in before where self[field.name] == nil {
                differences.append(Difference(path: inner(field.name), old: field.value, new: nil))
            }
        case (.sequence(let before), .sequence(let after)) where before.count == after.count:
            for (index, element) in after.enumerated() {
                element.collect(from: before[index], at: "\(path)[\(index)]", into: &differences)
            }
        default:
            if old != self { differences.append(Difference(path: path, old: old, new: self)) }
        }
    }

    /// The value on one line, in YAML's flow style.
    package var summary: String {
        switch self {
        case .mapping(let fields):
            "{\(fields.map { "\(Self.text($0.name)): \($0.value.summary)" }.joined(separator: ", "))}"
        case .sequence(let elements): "[\(elements.map(\.summary).joined(separator: ", "))]"
        default: scalarText
        }
    }
}
