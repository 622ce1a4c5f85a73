/// What devices that run a module side by side tell each other.
extension HLOFunction {
    /// The number of the device that computes, from 0.
    mutating func replica() -> HLOValue {
        converted(value("stablehlo.replica_id : tensor<ui32>", HLOType(.uint32)), to: .float32)
    }

    /// The sum of a value over so many replicas, on each of them.
    mutating func summedOverReplicas(_ x: HLOValue, _ replicas: Int) -> HLOValue {
        let element = x.type.shaped([]), group = (0..<replicas).map { "\($0)" }.joined(separator: ", ")
        return value(
            """
            "stablehlo.all_reduce"(\(x.name)) <{replica_groups = dense<[[\(group)]]> : tensor<1x\(replicas)xi64>}> ({
              ^bb0(%a: \(element), %b: \(element)):
                %sum = stablehlo.add %a, %b : \(element)
                stablehlo.return %sum : \(element)
              }) : (\(x.type)) -> \(x.type)
            """, x.type)
    }
}
