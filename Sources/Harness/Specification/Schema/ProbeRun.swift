import FlowMaps

/// One run of a type's decoding: how its requests are answered, and what it requested.
final class ProbeRun {
    /// The form of the value that the run pretends to have.
    enum Form: CaseIterable { case mapping, sequence, text, number, truth }

    /// The optional keys that are there.
    enum Presence: Equatable {
        case none, all
        case only(String)

        func has(_ key: String) -> Bool {
            switch self {
            case .none: false
            case .all: true
            case .only(let name): name == key
            }
        }
    }

    let form: Form
    let presence: Presence
    /// The case of a choice; nil takes the first.
    let choice: String?
    let filling: Int
    let probe: SchemaProbe

    /// The requested keys with their schemas, in the order of the requests.
    private(set) var keys: [SpecSchema.Key] = []
    /// The names of a choice's cases, where the type is one.
    var cases: [String]?
    /// The last scalar or list that was taken, or the values of a table.
    var taken: SpecSchema?
    var asked: Set<Form> = []

    init(_ form: Form, _ presence: Presence, choice: String?, filling: Int, by probe: SchemaProbe) {
        (self.form, self.presence, self.choice, self.filling, self.probe) = (form, presence, choice, filling, probe)
    }

    var required: Set<String> { Set(keys.filter(\.isRequired).map(\.name)) }
    /// The optional keys that were asked for.
    var optionalNames: [String] { keys.filter { !$0.isRequired }.map(\.name) }

    /// A key that may be there or not is asked for.
    func mayContain(_ name: String) -> Bool {
        if !keys.contains(where: { $0.name == name }) { keys.append(.init(name, .anything, isRequired: false)) }
        return presence.has(name)
    }

    /// A key is decoded: a required one, where nobody asked before whether it is there, or was told that it is not.
    func note(_ name: String, _ schema: SpecSchema) {
        let index = keys.firstIndex { $0.name == name }
        let isOptional = index.map { !keys[$0].isRequired && presence.has(name) } ?? false
        let key = SpecSchema.Key(name, schema, isRequired: !isOptional)
        if let index { keys[index] = key } else { keys.append(key) }
    }
}
