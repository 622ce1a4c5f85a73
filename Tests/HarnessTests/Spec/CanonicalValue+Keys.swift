@testable import Specification

extension CanonicalValue {
    /// Every key in it, at any depth.
    var keys: Set<String> {
        switch self {
        case .mapping(let fields): fields.reduce(into: []) { $0.formUnion($1.value.keys.union([$1.name])) }
        case .sequence(let elements): elements.reduce(into: []) { $0.formUnion($1.keys) }
        default: []
        }
    }
}
