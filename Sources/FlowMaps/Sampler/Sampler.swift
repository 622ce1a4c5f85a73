import Tensors

/// A method that carries noise at t = 1 to data at t = 0 along a velocity.
public enum Sampler: Codable, Hashable, Sendable, Validated {
    /// x ← x + h u(x, t) on a grid, uniform where it is nil.
    case euler(steps: Int, grid: TimeGrid? = nil)
    /// Predictor and corrector (Heun's method) on a grid, uniform where it is nil; the last step, which ends at t = 0, is a plain one.
    case heun(steps: Int, grid: TimeGrid? = nil)
    /// Steps as long as an embedded pair of orders 5 and 4 finds them good enough, `DormandPrince`.
    case adaptive(relative: Double, absolute: Double)
    /// Euler and Maruyama's steps of the stochastic equation of the same marginals, `ReverseDiffusion`: a uniform grid from t = 1 down
    /// to `last`, and from there one step without noise. `scale` multiplies the diffusion; 0 takes away the noise.
    case sde(steps: Int, last: Double, diffusion: Diffusion, scale: Double)

    /// The keys in a specification.
    public enum CodingKeys: String, CodingKey, CaseIterable { case euler, heun, adaptive, sde }

    /// Checks the ranges of the settings.
    public func validate() throws(Violation) {
        switch self {
        case .euler(let steps, let grid), .heun(let steps, let grid):
            try require(steps, "\(name).steps", atLeast: 1, atMost: Most.samplerSteps)
            do { try grid?.validate() } catch { throw error.under(name) }
        case .adaptive(let relative, let absolute):
            // States are float32: a tolerance below its rounding cannot be met.
            try require(relative, "adaptive.relative", in: 1e-6...1)
            try require(absolute, "adaptive.absolute", in: 1e-8...1)
        case .sde(let steps, let last, _, let scale):
            try require(steps, "sde.steps", atLeast: 2, atMost: Most.samplerSteps)
            try require(last > 0 && last < 1, "sde.last", found: last, allowed: "more than 0 and less than 1")
            try require(scale, "sde.scale", atLeast: 0, atMost: Most.factor)
        }
    }

    /// The name in a specification.
    public var name: String {
        switch self {
        case .euler: CodingKeys.euler.rawValue
        case .heun: CodingKeys.heun.rawValue
        case .adaptive: CodingKeys.adaptive.rawValue
        case .sde: CodingKeys.sde.rawValue
        }
    }

    /// The number of steps; for an adaptive sampler the number of points at which its path is reported, whatever its
    /// steps were.
    public var steps: Int {
        switch self {
        case .euler(let steps, _), .heun(let steps, _), .sde(let steps, _, _, _): steps
        case .adaptive: Self.reportedPoints
        }
    }

    /// The number of reported points, enough for any curve over the path.
    private static let reportedPoints = 16

    /// Two samples from one noise may differ.
    public var isStochastic: Bool { if case .sde = self { true } else { false } }

    /// Network evaluations a sample, a guided one counting two; nil where they are known only once it is made.
    public func evaluations(guidance: Guidance?) -> Int? { plannedTimes.map { Guidance.evaluations(at: $0, guidance) } }

    /// The times of a sample's evaluations; nil where they are known only once it is made.
    var plannedTimes: [Double]? {
        switch self {
        case .euler, .sde: (0..<steps).map(time)
        case .heun: (0..<steps).flatMap { $0 < steps - 1 ? [time($0), time($0 + 1)] : [time($0)] }
        case .adaptive: nil
        }
    }

    /// The time after a number of steps, or at a reported point.
    public func time(_ index: Int) -> Double {
        switch self {
        case .euler(_, let grid), .heun(_, let grid):
            grid?.time(index, of: steps) ?? Double(steps - index) / Double(steps)
        case .adaptive: Double(steps - index) / Double(steps)
        case .sde(_, let last, _, _): index == steps ? 0 : 1 - (1 - last) * Double(index) / Double(steps - 1)
        }
    }
}

extension Guidance {
    /// Evaluations at some times, of which a guided one counts two.
    static func evaluations(at times: [Double], _ guidance: Guidance?) -> Int {
        times.reduce(0) { $0 + (guidance?.acts(at: $1) == true ? 2 : 1) }
    }
}
