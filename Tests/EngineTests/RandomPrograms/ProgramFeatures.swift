@testable import CPU
@testable import RandomPrograms
@testable import Tensors

/// What programs have among them: primitives, and ways in which schedules carry out work.
struct ProgramFeatures {
    private var seen: Set<String> = []

    private static var wanted: Set<String> {
        let primitives = [
            "placeholder", "constant", "scalar", "random", "select", "identity", "stopGradient", "broadcast", "reshape",
            "transpose", "slice", "pad", "concatenate", "sum", "max", "matmul", "gather", "scatterAdd",
            "attention value", "attention tangent", "attention cotangent",
        ]
        let ways = [
            "state in place", "state copied", "values rematerialized", "stages in batch tiles",
            "a value in a batch tile",
        ]
        return Set(primitives + ways + Unary.allCases.map { "\($0)" } + Binary.allCases.map { "\($0)" })
    }

    /// What none had.
    var missing: [String] { Self.wanted.subtracting(seen).sorted() }

    mutating func look(at random: RandomProgram) {
        let program = random.program
        for node in Node.ordered(from: (program.outputs + program.updates).map(\.node)) {
            seen.insert(node.primitive.word)
        }
        let graph = Graph(program), schedule = Schedule(graph, Way.batchTiles), plan = MemoryPlan(graph, schedule)
        for case .fused(_, let rematerialized) in Schedule(graph, Way.rematerialized).stages
        where !rematerialized.isEmpty {
            seen.insert("values rematerialized")
        }
        if !schedule.groups.isEmpty { seen.insert("stages in batch tiles") }
        if !plan.tiled.isEmpty { seen.insert("a value in a batch tile") }
        if !plan.copiedUpdates.isEmpty { seen.insert("state copied") }
        for (input, view) in graph.updates.enumerated()
        where view.value != input && plan.places[view.value] == .input(input) {
            seen.insert("state in place")
        }
    }
}

extension Primitive {
    /// The operation in a word or two.
    fileprivate var word: String {
        switch self {
        case .placeholder: "placeholder"
        case .constant: "constant"
        case .scalar: "scalar"
        case .random: "random"
        case .unary(let function): "\(function)"
        case .binary(let function): "\(function)"
        case .select: "select"
        case .identity: "identity"
        case .stopGradient: "stopGradient"
        case .hoist: "hoist"
        case .keep: "keep"
        case .after: "after"
        case .replica: "replica"
        case .sumOverReplicas: "sumOverReplicas"
        case .broadcast: "broadcast"
        case .reshape: "reshape"
        case .transpose: "transpose"
        case .slice: "slice"
        case .pad: "pad"
        case .concatenate: "concatenate"
        case .sum: "sum"
        case .max: "max"
        case .matmul: "matmul"
        case .attention(let part, _): "attention \(part)"
        case .gather: "gather"
        case .scatterAdd: "scatterAdd"
        }
    }
}
