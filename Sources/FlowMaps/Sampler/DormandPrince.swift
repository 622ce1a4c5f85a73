import Tensors
import Foundation

/// The embedded Runge–Kutta pair of orders 5 and 4 (Dormand and Prince, J. Comput. Appl. Math. 6, 1980): the difference of the two
/// estimates its error, and the length of the steps follows it.
///
/// All rows take the same steps. A step is good where the root mean square over rows and dimensions of
/// error / (absolute + relative · max(|x|, |x′|)) is at most 1; the seventh slope of a good step is the first of the next, so a step
/// takes six evaluations. Between the ends of a step the path is the pair's own interpolant, of order 4.
struct DormandPrince {
    let relative, absolute: Double

    /// Shares of a step at which slopes are taken, and what each is taken from.
    static let nodes: [Double] = fractions((0, 1), (1, 5), (3, 10), (4, 5), (8, 9), (1, 1), (1, 1))
    static let stages: [[Double]] = [
        [], fractions((1, 5)), fractions((3, 40), (9, 40)), fractions((44, 45), (-56, 15), (32, 9)),
        fractions((19372, 6561), (-25360, 2187), (64448, 6561), (-212, 729)),
        fractions((9017, 3168), (-355, 33), (46732, 5247), (49, 176), (-5103, 18656)),
        fractions((35, 384), (0, 1), (500, 1113), (125, 192), (-2187, 6784), (11, 84)),
    ]
    /// The result of order 5 less that of order 4.
    static let error: [Double] = fractions(
        (71, 57600), (0, 1), (-71, 16695), (71, 1920), (-17253, 339_200), (22, 525), (-1, 40))
    /// The highest term of the interpolant (Hairer, Nørsett and Wanner, Solving Ordinary Differential Equations I, II.6).
    static let quartic: [Double] = fractions(
        (-12_715_105_075, 11_282_082_432), (0, 1), (87_487_479_700, 32_700_410_799),
        (-10_690_763_975, 1_880_347_072), (701_980_252_875, 199_316_789_632), (-1_453_857_185, 822_651_844),
        (69_997_945, 29_380_423))

    private static func fractions(_ pairs: (Double, Double)...) -> [Double] { pairs.map { $0.0 / $0.1 } }

    /// Samples from noise [n, d].
    /// - Parameters:
    ///   - visited: the times at which `visit` is called, falling, the last 0.
    func run(
        _ field: some VelocityField, noise: Tensor, given condition: Condition, at visited: [Double],
        on backend: any Backend, visit: Sampler.Visit
    ) throws -> Sampler.Run {
        let step = try backend.compile(program(field, noise.shape, condition))
        var state = try Tensor.materialized([noise], on: backend)[0]
        var (slope, length, times) = try start(field, noise, condition, backend)
        var t = 1.0
        var next = 0
        step.write(state, to: 0)
        step.write(slope, to: 1)
        var wasRefused = false
        while t > 0 {
            // What is left is taken whole where a step would leave a sliver of it.
            let taken = t - length < Self.shortest ? t : length
            step.write([Float(t)], to: 2)
            step.write([Float(-taken)], to: 3)
            try step.run()
            times += Self.nodes.dropFirst().map { t - $0 * taken }
            let ratio = Double(step.scalar(2))
            length = max(Self.shortest, taken * factor(ratio, wasRefused: wasRefused))
            // A state that is no number any more stays none.
            wasRefused = !(ratio <= 1) && taken > Self.shortest
            if wasRefused { continue }
            let end = step.output(0), last = step.output(1)
            let piece = Piece(start: state, end: end, first: slope, last: last, quartic: step.output(3))
            let arrived = taken == t ? 0 : t - taken
            while next < visited.count, visited[next] >= arrived {
                let share = (t - visited[next]) / taken
                visit(next + 1, visited[next] == arrived ? end : piece(share, length: -taken))
                next += 1
            }
            t = ratio.isFinite ? arrived : 0
            (state, slope) = (end, last)
            step.write(state, to: 0)
            step.write(slope, to: 1)
        }
        while next < visited.count {
            visit(next + 1, state)
            next += 1
        }
        return Sampler.Run(values: state, times: times)
    }

    /// A step of this length is taken as it is: a path that asks for shorter ones is none that float32 can follow.
    private static let shortest = 1e-4

    /// How much longer the next step is: that for an error of 0.9⁵, between a fifth and tenfold, and no longer after a refusal.
    private func factor(_ ratio: Double, wasRefused: Bool) -> Double {
        guard ratio.isFinite else { return 0.2 }
        let most = wasRefused || ratio > 1 ? 1.0 : 10.0
        return ratio == 0 ? most : min(most, max(0.2, 0.9 * pow(ratio, -0.2)))
    }

    /// From the state, its slope, t and h < 0: the next state, its slope, the error's ratio and the interpolant's highest term.
    private func program(_ field: some VelocityField, _ shape: Shape, _ condition: Condition) -> Program {
        Program(inputs: [shape, shape, [], []]) { inputs in
            let (x, t, h) = (inputs[0], inputs[2], inputs[3])
            var slopes = [inputs[1]]
            var end = x
            for stage in 1..<Self.nodes.count {
                end = x + h * Self.sum(slopes, Self.stages[stage])
                let time = (t + h * Self.nodes[stage]).broadcast(to: [shape[0], 1])
                slopes.append(field(end, at: time, given: condition))
            }
            let ratio = rootMeanSquare(h * Self.sum(slopes, Self.error), over: scale(x, end))
            return [end, slopes[6], ratio, Self.sum(slopes, Self.quartic)]
        }
    }

    /// The first slope and the length of the first step, by the sizes of state, slope and curvature (the same book, II.4).
    private func start(
        _ field: some VelocityField, _ noise: Tensor, _ condition: Condition, _ backend: any Backend
    ) throws -> (slope: [Float], length: Double, times: [Double]) {
        let column: Shape = [noise.shape[0], 1], scale = scale(noise, noise)
        let slope = field(noise, at: .ones(column), given: condition)
        let steepness = rootMeanSquare(slope, over: scale)
        let trial = minimum(
            0.01 * rootMeanSquare(noise, over: scale) / maximum(steepness, Tensor(1e-10)), Tensor(1))
        let moved = field(noise - trial * slope, at: (1 - trial).broadcast(to: column), given: condition)
        let curvature = rootMeanSquare(moved - slope, over: scale) / trial
        let values = try Tensor.materialized([slope, trial, maximum(steepness, curvature)], on: backend)
        let first = Double(values[1][0]), largest = max(Double(values[2][0]), 1e-10)
        let length = min(1, 100 * first, pow(0.01 / largest, 0.2))
        return (values[0], length.isFinite ? length : 1, [1, 1 - first])
    }

    private func scale(_ x: Tensor, _ end: Tensor) -> Tensor { absolute + relative * maximum(abs(x), abs(end)) }

    private func rootMeanSquare(_ x: Tensor, over scale: Tensor) -> Tensor { sqrt(square(x / scale).mean()) }

    private static func sum(_ slopes: [Tensor], _ weights: [Double]) -> Tensor {
        zip(slopes, weights).filter { $0.1 != 0 }.map { $1 * $0 }.reduce(Tensor(0), +)
    }
}

extension DormandPrince {
    /// The path within a step.
    struct Piece {
        let start, end, first, last, quartic: [Float]

        /// The state after a share of the step, [n · d].
        func callAsFunction(_ share: Double, length: Double) -> [Float] {
            let (theta, rest, h) = (Float(share), Float(1 - share), Float(length))
            return start.indices.map { index in
                let difference = end[index] - start[index]
                let lower = h * first[index] - difference
                let upper = difference - h * last[index] - lower
                let bent = upper + rest * (h * quartic[index])
                let curved = lower + theta * bent
                return start[index] + theta * (difference + rest * curved)
            }
        }
    }
}
