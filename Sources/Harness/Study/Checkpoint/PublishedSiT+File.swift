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
    private static let headsKey = "ablate.heads"
    private static let originKey = "ablate.convention"

    /// Writes a transformer under the published names.
    /// - Parameter source: the origin of the network, for errors.
    /// - Throws: `CheckpointError` for a network that the layout has no place for; `FileError`.
    package static func write(
        _ description: CheckpointDescription, _ network: Network, from source: String, convention: Convention,
        to path: String
    ) throws {
        func refusal(_ found: String, _ allowed: String) -> CheckpointError {
            CheckpointError(path: source, found: found, allowed: allowed)
        }
        guard case .network(.sit(let shape), _, let form) = description.model, let image = description.image else {
            throw refusal("a network that is no transformer", "a SiT, as only it has published names")
        }
        guard form == nil else {
            throw refusal(
                "a student that is decoupled or gives a policy", "one of the plain form, as only it has published names"
            )
        }
        guard description.classes > 0 else {
            throw refusal("a network without classes", "one with classes: the published layout has no place for none")
        }
        guard image.height == image.width else {
            throw refusal("images of \(image.height) × \(image.width)", "square ones, as the published layout has")
        }
        let layout = Layout(image: image.shape, shape: shape, convention: convention)
        let values = network.knownValues
        var tensors = zip(network.parameterNames, zip(network.parameters, values)).map { name, parameter in
            let place = place(of: name)
            let published = layout.published(parameter.1, parameter.0.shape.dimensions, place.kind)
            return NamedTensor(place.name, published.shape, published.values)
        }
        let table = Patches(image.shape, side: shape.patch).positions(width: shape.width)
        tensors.append(NamedTensor(positions, [1] + table.shape.dimensions, table.evaluated().map { Float($0) }))
        if shape.times != .published(count: shape.times.count) {
            tensors.append(NamedTensor(frequencies, [shape.times.count], descending(shape.times)))
        }
        try Safetensors.write(
            tensors,
            metadata: [
                ("format", "pt"), (originKey, convention.rawValue), (headsKey, "\(shape.heads)"),
            ], hashKey: "ablate.hash", to: path)
    }

    private static func descending(_ times: Frequencies) -> [Float] {
        times.frequencies.reversed().map(Float.init)
    }

    /// Reads a released model as a teacher. Patch, width, depth and classes follow from the tensors' shapes.
    /// - Parameters:
    ///   - image: channels, height and width of the images that it was trained on.
    ///   - heads: the number of heads of the attention, which follows from no shape; nil takes the file's, or the
    ///     published one for its width.
    ///   - convention: nil takes the file's, REPA's where it has REPA's projectors, and else SiT's.
    ///   - weights: of a training's state; nil takes the moving average where there is one.
    /// - Throws: `InputError` and `CheckpointError`, naming the tensor that is missing, not finite or of another shape, and for a
    ///   convention that the file contradicts.
    package static func teacher(
        _ path: String, image: ImageShape, heads: Int? = nil, convention: Convention? = nil,
        labels: PublishedLabels = PublishedLabels(), weights: Weights? = nil
    ) throws -> PublishedTeacher {
        let file = try PublishedTensors(TensorFiles(path), weights)
        let (convention, source) = try Self.convention(of: file, asked: convention)
        let shape = try shape(of: file, image, heads)
        // A model without the table knows no classes.
        let rows = file.shape(tableName) == nil ? nil : try extents(file, tableName, rank: 2)[0]
        let classes = try rows.map { try labels.classes(ofRows: $0, path: path) } ?? 0
        let dimension = image.channels * image.height * image.width
        let blank = NetworkShape.sit(shape).build(
            dimension: dimension, image: image, classes: classes, key: RandomKey(seed: 0))
        let layout = Layout(image: image, shape: shape, convention: convention)
        var known: Set = [positions, frequencies]
        let tensors = try zip(blank.parameterNames, blank.parameters).map { name, parameter in
            let place = place(of: name), dimensions = parameter.shape.dimensions
            known.insert(place.name)
            if place.kind == .table {
                let values = try file.values(place.name, shape: [rows ?? 0, shape.width])
                return Tensor(labels.own(values, width: shape.width), shape: parameter.shape)
            }
            let values = try file.values(place.name, shape: layout.publishedShape(dimensions, place.kind))
            return Tensor(layout.own(values, dimensions, place.kind), shape: parameter.shape)
        }
        try checkPositions(file, image, shape)
        let description = CheckpointDescription(
            role: .teacher, model: .network(shape: .sit(shape), conditioning: []), dimension: dimension, image: image,
            classes: classes, labelDropout: classes == 0 ? nil : labels.dropout)
        return PublishedTeacher(
            description: description, network: blank.replacingParameters(tensors), shape: shape, convention: convention,
            conventionSource: source, prefix: file.prefix, leftOut: try leftOut(of: file, known: known))
    }

    /// The same as a description and a network.
    package static func read(
        _ path: String, image: ImageShape, heads: Int?, convention: Convention?,
        labels: PublishedLabels = PublishedLabels(), weights: Weights? = nil
    ) throws -> (description: CheckpointDescription, network: Network) {
        let teacher = try teacher(
            path, image: image, heads: heads, convention: convention, labels: labels, weights: weights)
        return (teacher.description, teacher.network)
    }

    /// Tensors that are no part of the model: projection heads, counters, and single numbers.
    /// - Throws: `CheckpointError` for any other, which another model would compute something with.
    private static func leftOut(of file: PublishedTensors, known: Set<String>) throws -> [String] {
        let strangers = file.names.filter { !known.contains($0) }
        for stranger in strangers where !isBeside(stranger, file) {
            throw CheckpointError(
                path: file.path, place: "tensor '\(file.prefix)\(stranger)'",
                found: "a name that a SiT teacher does not have",
                allowed: "its \(known.count - 2) tensors",
                nearest: nearestName(to: stranger, among: known.sorted()))
        }
        return strangers
    }

    private static let parts = ["blocks.", "x_embedder.", "t_embedder.", "y_embedder.", "final_layer.", "pos_embed"]

    private static func isBeside(_ name: String, _ file: PublishedTensors) -> Bool {
        guard !parts.contains(where: { name.hasPrefix($0) }) else { return false }
        let isCounter = file.type(name).map { $0.hasPrefix("I") || $0.hasPrefix("U") || $0 == "BOOL" } ?? false
        return name.hasPrefix(projectors) || isCounter || file.shape(name)?.reduce(1, *) == 1
    }

    /// REPA's heads, which its training alone has use for.
    private static let projectors = "projectors."

    /// The direction of time in a file, with the evidence for it.
    private static func convention(of file: PublishedTensors, asked: Convention?) throws -> (Convention, String) {
        func refusal(_ found: String, _ allowed: String) -> CheckpointError {
            CheckpointError(path: file.path, found: found, allowed: allowed)
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
        return asked.map { ($0, "as was said") } ?? (.sit, "as nothing says otherwise")
    }

    private static func extents(_ file: PublishedTensors, _ name: String, rank: Int) throws -> [Int] {
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

    private static func shape(of file: PublishedTensors, _ image: ImageShape, _ heads: Int?) throws -> SiTShape {
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
            times: try times(file, features), outputs: outputs == velocity ? nil : .velocityAndVariance)
        do {
            try NetworkShape.sit(shape).validate()
            try NetworkShape.sit(shape).validate(for: image)
        } catch { throw refusal("the shapes of its tensors", error.found, "\(error.key ?? "sizes") \(error.allowed)") }
        return shape
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
        guard file.shape(frequencies) != nil else { return .published(count: count) }
        let values = try file.values(frequencies, shape: [count])
        return Frequencies(count: count, lowest: Double(values[count - 1]), highest: Double(values[0]))
    }

    /// Refuses positions that are not those of this program: a learned table has no place here.
    private static func checkPositions(_ file: PublishedTensors, _ image: ImageShape, _ shape: SiTShape) throws {
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
