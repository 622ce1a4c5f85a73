/// The keys from the root of a specification down to a value; the text is made only for an error.
package final class KeyTrail: Sendable {
    enum Step: Sendable {
        case root(String)
        case key(String)
        case index(Int)
    }

    let parent: KeyTrail?
    let step: Step

    package init(root: String) {
        parent = nil
        step = .root(root)
    }

    private init(parent: KeyTrail, step: Step) {
        self.parent = parent
        self.step = step
    }

    func appending(_ key: String) -> KeyTrail { KeyTrail(parent: self, step: .key(key)) }

    func appending(_ index: Int) -> KeyTrail { KeyTrail(parent: self, step: .index(index)) }

    /// The steps from the root down.
    private var steps: [Step] { (parent?.steps ?? []) + [step] }

    /// The path with dots and brackets, empty at an unnamed root: `base.student.widths[2]`.
    var path: String {
        var text = ""
        for step in steps {
            switch step {
            case .root(let name): text = name
            case .key(let name): text += text.isEmpty ? name : ".\(name)"
            case .index(let index): text += "[\(index)]"
            }
        }
        return text
    }

    /// The path for a sentence.
    var place: String { path.isEmpty ? "the document" : path }

    var codingPath: [any CodingKey] {
        steps.compactMap { step in
            switch step {
            case .root: nil
            case .key(let name): TrailKey(stringValue: name)
            case .index(let index): TrailKey(intValue: index)
            }
        }
    }
}

/// A coding key of any name or index.
struct TrailKey: CodingKey {
    let stringValue: String
    let intValue: Int?

    init(stringValue: String) {
        self.stringValue = stringValue
        intValue = nil
    }

    init(intValue: Int) {
        stringValue = "\(intValue)"
        self.intValue = intValue
    }
}
