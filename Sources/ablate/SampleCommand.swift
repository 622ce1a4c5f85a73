import ArgumentParser
import Execution
import FlowMaps
import Study

struct SampleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sample", abstract: "Draw samples from a teacher or a student in a checkpoint.",
        discussion: "Writes samples, their noise and their classes in a folder; overwrites nothing.")

    @Argument(help: "The checkpoint, a safetensors file.", completion: .file(extensions: ["safetensors"]))
    var checkpoint: String

    @Option(help: "The sampler of a teacher: euler, heun, adaptive, sde (default: heun).")
    var sampler: Method?

    @Option(
        help:
            "The steps of a teacher's sampler (default: 32; sde: 250; adaptive takes none), or of a student (default: 1)."
    )
    var steps: Int?

    @Option(help: "The tolerances of the adaptive sampler, relative and absolute (default: 1e-3,1e-6).")
    var tolerances: Tolerances?

    @Option(help: "The time from which the last step of sde, without noise, leads to 0 (default: 0.04).")
    var last: Double?

    @Option(help: "The noise of sde: sigma, constant, decreasing, increasingDecreasing (default: sigma).")
    var diffusion: Diffusion?

    @Option(help: "The guidance scale of a teacher with classes, or of a student that is conditioned on it.")
    var guidance: Double?

    @Option(help: "The times from and to which a teacher is guided, such as 0,0.7.")
    var interval = Interval(range: 0...1)

    @Option(help: "The number of samples.")
    var count = 100

    @Option(help: "The seed of the noise.")
    var seed = 0

    @Option(help: "Classes to be drawn in turn, such as 3 or 0,1,2 (default: all).")
    var classes: ClassList?

    @Option(name: .customLong("out"), help: "The folder that samples.h5 and grid.png go to.")
    var folder: String

    @OptionGroup var device: DeviceOption

    @Option(help: "hdf5, npz as ADM's evaluator reads it, or png, one picture a sample (default: hdf5).")
    var format = SampleFormat.hdf5

    enum Method: String, ExpressibleByArgument, CaseIterable { case euler, heun, adaptive, sde }

    func validate() throws {
        if let steps, steps < 1 { throw ValidationError("--steps is at least 1, not \(steps)") }
        if steps != nil, sampler == .adaptive { throw ValidationError("--steps has no meaning for adaptive") }
        if tolerances != nil, sampler != .adaptive { throw ValidationError("--tolerances are of --sampler adaptive") }
        if last != nil || diffusion != nil, sampler != .sde {
            throw ValidationError("--last and --diffusion are of --sampler sde")
        }
        do { try requestedSampler.validate() } catch {
            throw ValidationError("--sampler: found \(error.found) for \(error.key ?? ""), allowed: \(error.allowed)")
        }
        if count < 1 { throw ValidationError("--count is at least 1, not \(count)") }
        if count > Most.samples { throw ValidationError("--count is at most \(Most.samples), not \(count)") }
        if seed < 0 { throw ValidationError("--seed is at least 0, not \(seed)") }
        if seed > Most.seed { throw ValidationError("--seed is at most \(Most.seed), not \(seed)") }
        if let guidance, !(guidance >= 0 && guidance.isFinite) {
            throw ValidationError("--guidance is at least 0, not \(guidance)")
        }
        if let guidance, guidance > Most.guidance {
            throw ValidationError("--guidance is at most \(Most.guidance), not \(guidance)")
        }
    }

    func run() throws {
        try DeviceOption.check([device.device])
        try Exit.translating {
            let model = try Checkpoint(checkpoint)
            let sampling = CheckpointSampling(
                count: count, seed: seed, classes: classes?.values, sampler: chosenSampler(for: model), scale: guidance,
                interval: interval.range, studentSteps: isStudent(model) ? steps ?? 1 : 1)
            let samples: CheckpointSampling.Samples
            let backend = try DeviceOption.backend(on: device.device)
            do { samples = try sampling.draw(from: model, at: checkpoint, on: backend) } catch let violation
                as Violation
            {
                Console.say("error: \(checkpoint): \(violation)")
                throw ExitCode(64)
            }
            for path in try samples.write(model, by: sampling, as: format, to: folder) { Console.give("Wrote \(path)") }
            Console.give("\(count) samples, \(samples.evaluations) evaluations each")
            let lost = samples.notFinite(dimension: model.description.dimension)
            guard lost == 0 else {
                Console.say("error: \(checkpoint): \(lost) of \(count) samples are not finite")
                throw Exit.someFailed
            }
        }
    }

    private func isStudent(_ model: Checkpoint) -> Bool { model.description.role == .student }

    /// The sampler; nil for a student unless one was given, which it then refuses.
    private func chosenSampler(for model: Checkpoint) -> Sampler? {
        if isStudent(model), sampler == nil { return nil }
        return requestedSampler
    }

    /// The sampler given on the command line; tolerances, last step and diffusion are by default those of the
    /// released SiT code.
    private var requestedSampler: Sampler {
        switch sampler ?? .heun {
        case .euler: .euler(steps: steps ?? 32)
        case .heun: .heun(steps: steps ?? 32)
        case .adaptive: .adaptive(relative: tolerances?.relative ?? 1e-3, absolute: tolerances?.absolute ?? 1e-6)
        case .sde: .sde(steps: steps ?? 250, last: last ?? 0.04, diffusion: diffusion ?? .sigma, scale: 1)
        }
    }
}

extension Diffusion: ExpressibleByArgument {}
extension SampleFormat: ExpressibleByArgument {}

/// Two tolerances, written `1e-3,1e-6`.
struct Tolerances: ExpressibleByArgument {
    let relative, absolute: Double

    init?(argument: String) {
        let parts = argument.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) ?? .nan }
        guard parts.count == 2, parts.allSatisfy({ $0 > 0 }) else { return nil }
        (relative, absolute) = (parts[0], parts[1])
    }
}

/// Numbers of classes, written `0,1,2`.
struct ClassList: ExpressibleByArgument {
    let values: [Int]

    init?(argument: String) {
        let parts = argument.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
        guard !parts.isEmpty, parts.allSatisfy({ $0 != nil }) else { return nil }
        values = parts.compactMap { $0 }
    }
}

/// Two times, written `0,0.7`.
struct Interval: ExpressibleByArgument, CustomStringConvertible {
    let range: ClosedRange<Double>

    init(range: ClosedRange<Double>) { self.range = range }

    init?(argument: String) {
        let parts = argument.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) ?? .nan }
        guard parts.count == 2, parts[0] >= 0, parts[1] <= 1, parts[0] <= parts[1] else { return nil }
        range = parts[0]...parts[1]
    }

    var description: String { "\(range.lowerBound),\(range.upperBound)" }
    var defaultValueDescription: String { description }
}
