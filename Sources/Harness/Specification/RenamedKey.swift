import FlowMaps

/// The error for the first key of a node, or the case that it names, that had another name in an earlier version; nil
/// where there is none.
func renamedKey<Key: CodingKey>(_ type: Key.Type, in node: SpecTree, _ trail: KeyTrail) -> SpecError? {
    guard let renamed = (type as? any RenamedKeys.Type)?.renamed else { return nil }
    let named = node.scalar.map { [(name: $0.text, mark: node.mark)] } ?? []
    let keys = (node.mapping?.entries ?? []).map { (name: $0.key, mark: $0.mark) }
    for (name, mark) in named + keys {
        guard let now = renamed[name] else { continue }
        return SpecError(mark, "'\(name)' in \(trail.place) has another name", notes: ["now: \(now)"])
    }
    return nil
}
