import Tensors
import FlowMaps
import Specification
import Storage

extension PublishedSiT {
    /// Positions are sines and cosines of up to a hundred: float32 there and here may differ by a few times 1e-5. Numbers up to 1 are
    /// rounded to halves of 2⁻⁸ in bfloat16 and of 2⁻¹¹ in float16.
    private static func positionTolerance(_ type: String?) -> Float {
        switch type {
        case "BF16": 1e-3 + 0x1p-9
        case "F16": 1e-3 + 0x1p-12
        default: 1e-3
        }
    }

    /// REPA's heads, which its training alone has use for.
    static let projectors = "projectors."
    /// The second embedder of a time, of MeanFlow students.
    static let secondTime = "r_embedder.mlp.0.weight"

    /// The direction of time in a file, with the evidence for it.
    static func convention(of file: PublishedTensors, _ options: PublishedOptions) throws -> (Convention, String) {
        let asked = options.convention
        func refusal(_ found: String, _ allowed: String) -> CheckpointError {
            CheckpointError(path: file.path, found: found, allowed: allowed)
        }
        if case .noise = options.prediction {
            guard asked == nil, file.metadata(originKey) == nil else {
                throw refusal(
                    "a convention of velocities", "none with --prediction noise, as a diffusion model's steps have one")
            }
            return (.repa, "as of a diffusion model")
        }
        if let said = file.metadata(originKey) {
            guard let convention = Convention(rawValue: said) else {
                throw refusal(
                    "the convention '\(said)' in its metadata",
                    Convention.allCases.map(\.rawValue).joined(separator: ", "))
            }
            if let asked, asked != convention {
                throw refusal(
                    "the convention \(said) in its metadata",
                    "\(asked.rawValue), as is asked for; or --convention left out")
            }
            return (convention, "as its metadata say")
        }
        if file.names.contains(where: { $0.hasPrefix(projectors) }) {
            guard asked ?? .repa == .repa else {
                throw refusal(
                    "REPA's projectors, whose models have noise at t = 1", "--convention repa, or none of these tensors"
                )
            }
            return (.repa, "as its projectors say")
        }
        if let asked { return (asked, "as was said") }
        guard file.shape(secondTime) == nil else { return (.repa, "as MeanFlow's, which has noise at t = 1") }
        return (.sit, "as nothing says otherwise")
    }

    static func extents(_ file: PublishedTensors, _ name: String, rank: Int) throws -> [Int] {
        guard let extents = file.shape(name) else {
            throw CheckpointError(
                path: file.path, found: "no tensor '\(file.prefix)\(name)'",
                allowed: "the names of a released SiT model",
                nearest: nearestName(to: name, among: file.names))
        }
        guard extents.count == rank else {
            throw CheckpointError(
                path: file.path, place: "tensor '\(name)'", found: "shape \(extents)", allowed: "\(rank) extents")
        }
        return extents
    }

    static func shape(of file: PublishedTensors, _ image: ImageShape, _ heads: Int?) throws -> SiTShape {
        let patches = try extents(file, "x_embedder.proj.weight", rank: 4)
        let outputs = try extents(file, "final_layer.linear.bias", rank: 1)[0]
        let features = try extents(file, "t_embedder.mlp.0.weight", rank: 2)[1]
        let (width, side) = (patches[0], patches[2])
        let depth = (0...).first { file.shape("blocks.\($0).attn.qkv.weight") == nil }!
        let velocity = side * side * patches[1]
        func refusal(_ place: String, _ found: String, _ allowed: String) -> CheckpointError {
            CheckpointError(path: file.path, place: place, found: found, allowed: allowed)
        }
        guard patches[1] == image.channels, side > 0 else {
            throw refusal(
                "tensor 'x_embedder.proj.weight'", "shape \(patches)", "\(image.channels) channels, as the image has")
        }
        guard outputs == velocity || outputs == 2 * velocity else {
            throw refusal(
                "tensor 'final_layer.linear.bias'", "\(outputs) outputs",
                "\(velocity), or twice as many with a variance")
        }
        let shape = SiTShape(
            extent: .free(patch: side, width: width, depth: depth, heads: try Self.heads(of: file, width, heads)),
            times: try times(file, features), outputs: outputs == velocity ? nil : .velocityAndVariance,
            qkNorm: qkNorm(of: file))
        do {
            try NetworkShape.sit(shape).validate()
            try NetworkShape.sit(shape).validate(for: image)
        } catch { throw refusal("the shapes of its tensors", error.found, "\(error.key ?? "sizes") \(error.allowed)") }
        return shape
    }

    /// The norm of queries and keys: one with shifts is a layer norm, one of scales alone divides by the root of the mean square.
    private static func qkNorm(of file: PublishedTensors) -> QueryKeyNorm.Kind? {
        guard file.shape("blocks.0.attn.q_norm.weight") != nil else { return nil }
        return file.shape("blocks.0.attn.q_norm.bias") == nil ? .rmsNorm : .layerNorm
    }

    /// - Parameter asked: the number given on the command line; nil takes the file's, or the published one for the
    ///   width.
    private static func heads(of file: PublishedTensors, _ width: Int, _ asked: Int?) throws -> Int {
        let said = file.metadata(headsKey).flatMap { Int($0) }
        if let asked, let said, asked != said {
            throw CheckpointError(
                path: file.path, found: "\(said) heads in its metadata",
                allowed: "\(asked), as is asked for; or no --heads")
        }
        if let heads = asked ?? said ?? SiTSize.Model.allCases.first(where: { $0.width == width })?.heads {
            return heads
        }
        let divisors = (1...max(1, width)).filter { width.isMultiple(of: $0) }.map(String.init).joined(separator: ", ")
        throw CheckpointError(
            path: file.path, found: "width \(width), which is no published one, and no word of its heads",
            allowed: "--heads: no tensor tells it; a divisor of the width, of \(divisors)")
    }

    private static func times(_ file: PublishedTensors, _ features: Int) throws -> Frequencies {
        let count = features / 2
        guard features >= 2, features.isMultiple(of: 2) else {
            throw CheckpointError(
                path: file.path, place: "tensor 't_embedder.mlp.0.weight'", found: "\(features) features",
                allowed: "as many sines as cosines")
        }
        guard file.shape(frequencies) != nil else {
            // diffusers' features have 10000^(−j/(count − 1)).
            return file.isDiffusers
                ? Frequencies(count: count, lowest: count > 1 ? 1e-4 : 1, highest: 1) : .published(count: count)
        }
        let values = try file.values(frequencies, shape: [count])
        return Frequencies(count: count, lowest: Double(values[count - 1]), highest: Double(values[0]))
    }

    /// Refuses positions that are not those of this program: a learned table has no place here.
    static func checkPositions(_ file: PublishedTensors, _ image: ImageShape, _ shape: SiTShape) throws {
        guard file.shape(positions) != nil else { return }
        let own = Patches(image, side: shape.patch).positions(width: shape.width)
        let values = try file.values(positions, shape: [1] + own.shape.dimensions)
        let difference = zip(values, own.evaluated()).map { abs($0 - Float($1)) }.max() ?? 0
        guard difference < positionTolerance(file.type(positions)) else {
            throw CheckpointError(
                path: file.path, place: "tensor '\(positions)'", found: "other positions, by up to \(difference)",
                allowed: "the sines and cosines of an image of \(image.height) × \(image.width)")
        }
    }
}
