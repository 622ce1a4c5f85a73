import Tensors
import TestSupport
import Testing

@testable import FlowMaps

@Suite("The terms of all methods at flow maps that are known") struct MethodOracleTests {
    /// Float64 rounding through a few dozen operations on numbers of order one, divided by intervals down to an eighth.
    private let rounding = 1e-11
    /// What counts as wrong: a distribution whose mean is off by a half.
    private let wrong = 0.05

    private let mean = [1.5, -0.5, 0]
    private let t = [1, 1, 0.75, 0.5, 0.25, 0.375], s = [0, 0.5, 0.25, 0, 0.125, 0.25]
    /// The same for pairs of rows that share their times.
    private let pairedT = [1, 1, 0.75, 0.75, 0.25, 0.25], pairedS = [0, 0, 0.25, 0.25, 0.125, 0.125]
    private let noise = Tensor.normal([6, 3], key: RandomKey(seed: 12))
    private var flow: GaussianFlow { GaussianFlow(mean: mean, deviation: [0.5, 2, 0.125]) }
    /// All data at one place, so that the conditional velocity is the marginal one.
    private var point: GaussianFlow { GaussianFlow(mean: mean, deviation: [0, 0, 0]) }
    private var otherPoint: GaussianFlow { GaussianFlow(mean: [1, -0.5, 0], deviation: [0, 0, 0]) }
    private var other: GaussianFlow { GaussianFlow(mean: [1, -0.5, 0], deviation: [0.5, 2, 0.125]) }

    private func rows(_ term: Term) -> TermBatch {
        // States are noised samples whatever the source: an identity holds everywhere. Diagonal terms have s = t.
        let isPaired = term.target.group > 1
        let t = isPaired ? pairedT : self.t, s = isPaired ? pairedS : term.times.hasIntervals ? self.s : t
        let r = zip(t, s).map { ($0 + $1) / 2 }
        let sample = Tensor.row(mean).broadcast(to: [6, 3])
        return .of(sample: sample, noise: noise, t: t, s: s, r: r, fraction: [0.1, 0.3, 0.5, 0.7, 0.9, 0.2])
    }

    private func residual(_ named: NamedTerm, _ map: GaussianFlow, teacher: GaussianFlow) -> [Double] {
        var term = named.term
        term.states = .data(augmentation: Augmentation(kinds: [], strength: 0))
        if case .moments(let neighbour, let solver, _, let weight) = term.target {
            term.target = .moments(neighbour: neighbour, solver: solver, group: 2, weight: weight)
        }
        // The ramp is over.
        if case .eulerian(let velocity, _, _) = term.target { term.target = .eulerian(velocity: velocity, warmUp: 0.1) }
        var networks = TermNetworks.of(map, teacher: teacher)
        networks.weight = term.weighting.learned.map { TimeWeightNetwork($0) }
        return term(rows(term), networks).residual.evaluated()
    }

    /// Identities that hold for each state, at every distribution.
    static let pointwise = NamedTerm.those { target in
        switch target {
        case .direct(let velocity), .eulerian(let velocity, _, _), .lagrangian(let velocity, _):
            velocity != .conditional
        case .semigroup: true
        case .secant, .consistency, .moments, .imitation, .score, .fisher: false
        }
    }

    @Test("the residual is 0 at the exact map of a Gaussian, and not at another's", arguments: pointwise)
    func exactMap(named: NamedTerm) {
        #expect(largest(residual(named, flow, teacher: flow)) < rounding)
        // A map that agrees with itself is another teacher's; self-distilled ones are held by flow matching beside them.
        if named.term.target.velocity == .teacher { #expect(largest(residual(named, other, teacher: flow)) > wrong) }
    }

    /// Identities of the pair of sample and noise, and of steps along straight paths.
    static let straight = NamedTerm.those { target in
        switch target {
        // At s = 0 such a velocity is infinite away from the point; policies have oracles of their own.
        case .score, .fisher, .lagrangian, .imitation: false
        case .direct, .eulerian, .secant, .semigroup, .consistency, .moments: true
        }
    }

    @Test("where all data are one point, the residual is 0 at the exact map, of pairs too", arguments: straight)
    func pointLaw(named: NamedTerm) {
        #expect(largest(residual(named, point, teacher: point)) < rounding)
        let isOfPairs = named.term.target.needsPair || named.term.target.evaluatesTeacher
        if isOfPairs, !named.name.hasPrefix("imm") {
            let found = largest(residual(named, otherPoint, teacher: point))
            // Consistency without its boundary holds for any point: f leads to the other one from wherever it starts.
            if case .consistency = named.term.target { return }
            #expect(found > wrong)
        }
    }

    @Test("consistency fails for a map that does not end at one place", arguments: NamedTerm.those { $0.solver != nil })
    func inconsistent(named: NamedTerm) {
        #expect(largest(residual(named, flow, teacher: point)) > 1e-3)
    }

    /// The nodes and weights of Gauss and Legendre on [0, 1], by Newton's method on the polynomial.
    private func quadrature(_ count: Int) -> [(node: Double, weight: Double)] {
        (1...count).map { index in
            var x = cosine(3.141592653589793 * (Double(index) - 0.25) / (Double(count) + 0.5)), slope = 0.0
            for _ in 0..<50 {
                var (before, value) = (1.0, x)
                for order in 2...count {
                    let n = Double(order)
                    (before, value) = (value, ((2 * n - 1) * x * value - (n - 1) * before) / n)
                }
                slope = Double(count) * (x * value - before) / (x * x - 1)
                x -= value / slope
            }
            return ((x + 1) / 2, 1 / ((1 - x * x) * slope * slope))
        }
    }

    private func cosine(_ x: Double) -> Double { cos(Tensor(x)).evaluated()[0] }

    @Test(
        "a secant's residual is 0 on average over its inner point",
        arguments: NamedTerm.those { if case .secant = $0 { true } else { false } })
    func secant(named: NamedTerm) {
        var term = named.term
        guard case .secant(let velocity, let estimate) = term.target else { return }
        term.target = .secant(velocity: velocity == .conditional ? .teacher : velocity, estimate: estimate)
        // 24 nodes leave 10⁻¹³ of the smooth integrand.
        let nodes = quadrature(24), count = nodes.count
        let start = Tensor.row([0.7, -1.2, 0.4]).broadcast(to: [count, 3])
        let (from, to) = (0.9, 0.1), inner = nodes.map { to + (from - to) * $0.node }
        let columns = { (value: Double) in Array(repeating: value, count: count) }
        // The state at the time that the term asks for, on one path of the teacher, written as a pair.
        let times = estimate == .end ? inner : columns(from)
        let state = flow.state(start, from: .column(columns(from)), to: .column(times))
        let noise = Tensor.zeros([count, 3])
        let rows = TermBatch.of(
            sample: state / (1 - Tensor.column(times)), noise: noise, t: columns(from), s: columns(to),
            fraction: nodes.map(\.node))
        let found = term(rows, .of(flow, teacher: flow)).residual.evaluated()
        for axis in 0..<3 {
            let mean = nodes.indices.reduce(0) { $0 + nodes[$1].weight * found[3 * $1 + axis] }
            #expect(abs(mean) < rounding)
        }
        #expect(largest(found) > wrong)
    }

    /// Euler's method down a grid from any of its times.
    private struct GridMap: FlowMap {
        let field: GaussianFlow
        let levels: Int

        func averageVelocity(_ x: Tensor, from t: Tensor, to s: Tensor, given condition: Condition) -> Tensor {
            var state = x
            for index in (1...levels).reversed() {
                let time = Double(index) / Double(levels)
                let column = Tensor(time).broadcast(to: t.shape)
                let moved = state - field(state, at: column, given: condition) / Double(levels)
                let isPassed =
                    greater(t, Tensor(time - 0.5 / Double(levels)))
                    * greater(Tensor(time - 0.5 / Double(levels)), s)
                state = select(isPassed.broadcast(to: x.shape), moved, state)
            }
            return (state - x) / select(greater(t, s), s - t, Tensor(-1).broadcast(to: t.shape))
        }
    }

    @Test("consistency with a step of Euler's method has residual 0 at the map of that method")
    func discreteConsistency() {
        let term = Term(
            states: .data(augmentation: Augmentation(kinds: [], strength: 0)), times: .toData(times: .point(at: 1)),
            target: .consistency(neighbour: .grid(levels: 8), solver: .euler, network: .student), weighting: .plain)
        let drawn = Neighbour.grid(levels: 8).times(
            .column([1, 0.8, 0.5, 0.3, 0.1, 0.7]), above: .zeros([6, 1]), progress: Tensor(0))
        let rows = TermBatch.of(
            sample: .normal([6, 3], key: RandomKey(seed: 5)), noise: noise, t: drawn.t.evaluated(),
            s: t.map { _ in 0 }, r: drawn.r.evaluated())
        let map = GridMap(field: flow, levels: 8)
        #expect(largest(term(rows, .of(map, teacher: flow)).residual.evaluated()) < rounding)
        #expect(largest(term(rows, .of(flow, teacher: flow)).residual.evaluated()) > 1e-3)
    }
}
