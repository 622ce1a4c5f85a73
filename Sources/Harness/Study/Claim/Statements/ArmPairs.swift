import Specification

/// Numbers of two arms in pairs of runs.
struct ArmPairs {
    /// The numbers of each pair.
    let numbers: [(of: Double, than: Double)]

    /// Pairs of runs that agree in all axes which neither arm names.
    init(_ sample: ClaimSample, _ metric: String, _ of: [String: String], _ than: [String: String]) {
        let axes = Array(of.keys) + Array(than.keys)
        let others = sample.selecting(than).values(metric, apartFrom: axes)
        numbers = sample.selecting(of).values(metric, apartFrom: axes).flatMap { group in
            let partners = others.first { $0.key == group.key }?.values ?? []
            return zip(group.values, partners).map { ($0.number, $1.number) }
        }
    }

    /// "objective=combined", axes in alphabetical order.
    static func text(_ arm: [String: String]) -> String {
        arm.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
    }
}
