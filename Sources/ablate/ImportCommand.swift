import ArgumentParser
import Execution
import FlowMaps
import Study

struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Make a teacher, or a student, of a released SiT or DiT model.",
        discussion: """
            The file has the names of the released PyTorch models, or those of diffusers. Patch, width, depth and classes follow from \
            the shapes of its tensors; from a whole training's state, with names that begin with ema. and model., the moving average \
            is read. A study then has teacher: {checkpoint: FILE}.

            SiT and DiT have the same tensors: a DiT is said by --prediction noise, and is then read as a velocity on the straight \
            path. A MeanFlow student (with r_embedder) needs --second-time and becomes a student, for ablate sample.

            What PyTorch itself saved (.pt) runs code when it is opened and is not read. Two lines of Python make safetensors of it:

            \(TensorFiles.conversion("FILE.pt"))
            """)

    @Argument(
        help: "The model, a safetensors file, or the index of several (model.safetensors.index.json).",
        completion: .file(extensions: ["safetensors", "json"]))
    var source: String

    @Option(help: "Channels, height and width of what it was trained on, such as 4x32x32.")
    var input: InputShape

    @Option(
        help:
            "Heads of the attention, which no tensor tells (default: what the file says, or the published number for its width)."
    )
    var heads: Int?

    @Option(
        help:
            "Which way time runs in it: sit (data at t = 1), repa (noise at t = 1) (default: what the file says, or sit)."
    )
    var convention: PublishedSiT.Convention?

    @Option(help: "What it predicts: velocity (SiT), noise (DiT).")
    var prediction = Prediction.velocity

    @Option(
        help:
            "With --prediction noise, its betas: linear or scaled-linear, steps, first and last (default: DiT's, linear:1000:0.0001:0.02)."
    )
    var schedule: NoiseSchedule?

    @Option(help: "What r_embedder of a MeanFlow student sees: end (r), duration (t - r).")
    var secondTime: PublishedOptions.SecondTime?

    @Option(help: "The row of its classes that stands for none: last, none where there is no such row, or a number.")
    var nullClass = PublishedLabels.NullClass.last

    @Option(help: "The share of rows that it was trained on without their class, where that is known.")
    var labelDropout: Double?

    @Option(help: "Which weights of a training's state: ema, model (default: ema where there are both).")
    var weights: PublishedSiT.Weights?

    @Option(name: .customLong("to"), help: "The new file.")
    var path: String

    @OptionGroup var overwriting: OverwriteOption

    enum Prediction: String, ExpressibleByArgument, CaseIterable { case velocity, noise }

    func validate() throws {
        if schedule != nil, prediction == .velocity {
            throw ValidationError("--schedule goes with --prediction noise: a velocity has no schedule")
        }
        if let heads, heads < 1 { throw ValidationError("--heads is at least 1, not \(heads)") }
        guard let labelDropout else { return }
        if !(0...1).contains(labelDropout) {
            throw ValidationError("--label-dropout is from 0 to 1, not \(labelDropout)")
        }
        if nullClass == .none, labelDropout > 0 {
            throw ValidationError("--label-dropout is 0 with --null-class none, not \(labelDropout)")
        }
    }

    private var options: PublishedOptions {
        PublishedOptions(
            heads: heads, convention: convention, labels: PublishedLabels(null: nullClass, dropout: labelDropout),
            weights: weights, prediction: prediction == .noise ? .noise(schedule ?? .published) : .velocity,
            secondTime: secondTime)
    }

    func run() throws {
        let model = try Exit.translating {
            try CheckpointImport.write(
                source, image: input.image, options, to: path, overwriting: overwriting.isAllowed, on: Ablate.backend)
        }
        let description = model.description
        let guidable = description.labelDropout == 0 ? ", which cannot be guided" : ""
        Console.give(
            "Wrote \(path): a \(description.role.rawValue) of \(description.classes) classes for samples \(input)\(guidable)"
        )
        Console.give(try Exit.translating { try model.summary(on: Ablate.backend) })
    }
}

extension PublishedOptions.SecondTime: ExpressibleByArgument {}

extension NoiseSchedule: ExpressibleByArgument {
    /// Reads `linear:1000:0.0001:0.02`; nil for another form, and for numbers that no schedule has.
    public init?(argument: String) {
        let parts = argument.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 4, let steps = Int(parts[1]), let first = Double(parts[2]), let last = Double(parts[3])
        else { return nil }
        switch parts[0] {
        case "linear": self = .linear(steps: steps, first: first, last: last)
        case "scaled-linear": self = .scaledLinear(steps: steps, first: first, last: last)
        default: return nil
        }
        do { try validate() } catch { return nil }
    }
}

extension PublishedSiT.Weights: ExpressibleByArgument {}

extension PublishedLabels.NullClass: ExpressibleByArgument {
    /// Reads `last`, `none` or a row's number.
    public init?(argument: String) {
        switch argument {
        case "last": self = .last
        case "none": self = .none
        default:
            guard let row = Int(argument), row >= 0 else { return nil }
            self = .row(row)
        }
    }

    /// The value in the help text.
    public var defaultValueDescription: String {
        switch self {
        case .last: "last"
        case .none: "none"
        case .row(let row): "\(row)"
        }
    }
}
