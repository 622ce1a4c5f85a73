/// What became of the faults of one kind.
struct FaultKind {
    let name: String
    var faults = 0
    /// Results that were another afterwards, or a fault that nobody was told of.
    var lost = 0
    var crashes = 0
    var hangs = 0

    init(_ name: String) { self.name = name }

    /// "kills: 200 faults, 0 lost, 0 crashed, 0 hung".
    var line: String { "\(name): \(faults) faults, \(lost) lost, \(crashes) crashed, \(hangs) hung" }

    var isHarmless: Bool { lost + crashes + hangs == 0 }

    /// Takes note of how a command ended after a fault.
    /// - Parameter expected: the exit codes that tell the truth.
    mutating func note(_ end: CommandEnd, expected: Set<Int32>, _ what: String) {
        faults += 1
        switch end.how {
        case .hung: hangs += 1
        case .killed: crashes += 1
        case .exited(70): crashes += 1
        case .exited(let code) where expected.contains(code): return
        case .exited: lost += 1
        }
        CommandEnd.tell("\(name): \(what): \(end.how): \(end.errors.suffix(400))")
    }

    /// The sum of several.
    static func sum(_ kinds: [FaultKind]) -> FaultKind {
        kinds.reduce(into: FaultKind("all")) { sum, kind in
            sum.faults += kind.faults
            sum.lost += kind.lost
            sum.crashes += kind.crashes
            sum.hangs += kind.hangs
        }
    }
}
