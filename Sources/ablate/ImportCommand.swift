import ArgumentParser
import Execution
import Study

struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Make a teacher of a released SiT model in safetensors.",
        discussion: """
            The file has the names of the released PyTorch models. Patch, width, depth and classes follow from the shapes of its \
            tensors; from a whole training's state, with names that begin with ema. and model., the moving average is read. A \
            study then has teacher: {checkpoint: FILE}.

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

    @Option(help: "The row of its classes that stands for none: last, none where there is no such row, or a number.")
    var nullClass = PublishedLabels.NullClass.last

    @Option(help: "The share of rows that it was trained on without their class, where that is known.")
    var labelDropout: Double?

    @Option(help: "Which weights of a training's state: ema, model (default: ema where there are both).")
    var weights: PublishedSiT.Weights?

    @Option(name: .customLong("to"), help: "The new file.")
    var path: String

    @OptionGroup var overwriting: OverwriteOption

    func validate() throws {
        if let heads, heads < 1 { throw ValidationError("--heads is at least 1, not \(heads)") }
        guard let labelDropout else { return }
        if !(0...1).contains(labelDropout) {
            throw ValidationError("--label-dropout is from 0 to 1, not \(labelDropout)")
        }
        if nullClass == .none, labelDropout > 0 {
            throw ValidationError("--label-dropout is 0 with --null-class none, not \(labelDropout)")
        }
    }

    func run() throws {
        let teacher = try Exit.translating {
            try CheckpointImport.write(
                source, image: input.image, heads: heads, convention: convention,
                labels: PublishedLabels(null: nullClass, dropout: labelDropout), weights: weights, to: path,
                overwriting: overwriting.isAllowed, on: Ablate.backend)
        }
        let description = teacher.description
        let guidable = description.labelDropout == 0 ? ", which cannot be guided" : ""
        Console.give("Wrote \(path): a teacher of \(description.classes) classes for samples \(input)\(guidable)")
        Console.give(try Exit.translating { try teacher.summary(on: Ablate.backend) })
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
