import ArgumentParser
import FlowMaps
import Foundation
import Reporting
import Tensors
import XLA

struct ModelsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models", abstract: "List the published sizes with their cost.",
        discussion: """
            Parameters are those of the released SiT models, with their table of positions; a student also embeds the duration and \
            the guidance scale. Operations are of one sample's forward pass, a multiplication and an addition counting two. \
            Memory is that of a training step of this program: weights, two moments, the moving average, the gradient, and \
            the values stored for it. All from shapes: nothing is allocated. With --device the memory is as that device's \
            compiler counts it, also with optimization.rematerialize, and a step is run and timed; what does not fit is left out.
            """)

    @Argument(help: "Sizes such as XL/2 or S/7 (default: the published ones whose patch divides the input).")
    var sizes: [SiTSize] = []

    @Option(help: "Channels, height and width of a sample.")
    var input = InputShape(image: ImageShape(channels: 4, height: 32, width: 32))

    @Option(help: "The number of classes, without \"no class\"; 0 for none.")
    var classes = 1000

    @Option(help: "Rows of a training step.")
    var batch = 1

    @Option(help: "The output of the last layer: velocity, velocityAndVariance (as released).")
    var outputs = SiTShape.Outputs.velocityAndVariance

    @Option(
        help: "A device to compile each size for and to time a step on: cpu, cuda, xla:PLATFORM; see ablate devices.")
    var device: Device?

    private static let mostRows = 1 << 20
    /// A TiB of them in float32.
    private static let mostNumbers = 0x1p38

    func validate() throws {
        if classes < 0 { throw ValidationError("--classes is at least 0, not \(classes)") }
        if batch < 1 { throw ValidationError("--batch is at least 1, not \(batch)") }
        if classes > Most.classes { throw ValidationError("--classes is at most \(Most.classes), not \(classes)") }
        if batch > Self.mostRows { throw ValidationError("--batch is at most \(Self.mostRows), not \(batch)") }
        let numbers = Double(input.image.channels) * Double(input.image.height) * Double(input.image.width)
        if numbers * Double(batch) > Self.mostNumbers {
            throw ValidationError("--input and --batch are of at most \(Int(Self.mostNumbers)) numbers together")
        }
        for size in sizes where !fits(size) {
            throw ValidationError(
                "a patch of \(size.patch) does not divide \(input.image.height) × \(input.image.width)")
        }
    }

    private func fits(_ size: SiTSize) -> Bool {
        input.image.height.isMultiple(of: size.patch) && input.image.width.isMultiple(of: size.patch)
    }

    func run() throws {
        try DeviceOption.check([device].compactMap(\.self))
        let backend = try device.map { try DeviceOption.backend(on: $0) } ?? Ablate.backend
        var table = Table(
            columns: [
                .init("size", alignment: .left), .init("parameters"), .init("student"),
                .init("operations", unit: "GFLOP"), .init("training, batch \(batch)", unit: "GiB"),
            ] + (device == nil ? [] : [.init("rematerialized", unit: "GiB"), .init("step", unit: "s")]))
        for size in sizes.isEmpty ? SiTSize.allCases.filter(fits) : sizes {
            let shape = NetworkShape.sit(SiTShape(extent: .named(size), times: .published, outputs: outputs))
            let teacher = NetworkCost(shape, image: input.image, classes: classes)
            let student = NetworkCost(
                shape, image: input.image, classes: classes, scalars: [.duration, .guidance])
            let bytes = Double(teacher.trainingBytes(batch: batch, on: backend))
            table.append(
                [
                    .text(size.rawValue), .text(grouped(teacher.parameters)), .text(grouped(student.parameters)),
                    .number(teacher.operations / 1e9, digits: 4), .number(bytes / 0x1p30, digits: 3),
                ] + (device == nil ? [] : try onDevice(teacher, bytes, backend)))
        }
        Console.give(table)
    }

    /// What a device's compiler tells of a step that takes so many bytes, and the time of the step.
    private func onDevice(_ model: NetworkCost, _ bytes: Double, _ backend: any Backend) throws -> [Table.Cell] {
        let rematerialized = Double(model.trainingBytes(batch: batch, rematerializing: true, on: backend))
        let fits = bytes <= Self.room(on: backend)
        return [
            .number(rematerialized / 0x1p30, digits: 3),
            fits ? .number(try seconds(of: model, backend), digits: 3) : .missing,
        ]
    }

    /// Bytes that a step may take: what the device says it has, else three quarters of this machine's memory, beside which the same
    /// numbers are held once more while they are written.
    private static func room(on backend: any Backend) -> Double {
        if let limit = (backend as? XLABackend)?.device.memory?.limit { return Double(limit) }
        return 0.75 * Double(ProcessInfo.processInfo.physicalMemory)
    }

    private func seconds(of model: NetworkCost, _ backend: any Backend) throws -> Double {
        try Exit.translating {
            try model.trainingSeconds(batch: batch, on: backend) { ProcessInfo.processInfo.systemUptime }
        }
    }

    /// 675,129,632.
    private func grouped(_ number: Int) -> String {
        let digits = Array("\(number)")
        return digits.indices.map { index in
            let rest = digits.count - index
            return (index > 0 && rest.isMultiple(of: 3) ? "," : "") + String(digits[index])
        }.joined()
    }
}

extension SiTSize: ExpressibleByArgument {}
extension SiTShape.Outputs: ExpressibleByArgument {}

/// Channels, height and width, written `4x32x32`.
struct InputShape: ExpressibleByArgument, CustomStringConvertible {
    let image: ImageShape

    init(image: ImageShape) { self.image = image }

    init?(argument: String) {
        let parts = argument.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
        guard parts.count == 3, parts.allSatisfy({ (1...(1 << 20)).contains($0) }) else { return nil }
        image = ImageShape(channels: parts[0], height: parts[1], width: parts[2])
    }

    var description: String { "\(image.channels)x\(image.height)x\(image.width)" }
    var defaultValueDescription: String { description }
}
