import Engine
import FlowMaps
import Specification
import Storage

extension PublishedSiT {
    /// Positions are sines and cosines of up to a hundred: float32 there and here may differ by a few times 1e-5.
    private static let positionTolerance: Float = 1e-3
    private static let originKey = "ablate.convention"

    /// Writes a transformer under the published names.
    /// - Parameter source: where it is from, for errors.
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
        let values = Tensor.materialized(network.parameters)
        var tensors = zip(network.parameterNames, zip(network.parameters, values)).map { name, parameter in
            let place = place(of: name)
            let published = layout.published(parameter.1, parameter.0.shape.dimensions, place.kind)
            return NamedTensor(place.name, published.shape, published.values)
        }
        let table = Patches(image.shape, side: shape.patch).positions(width: shape.width)
        tensors.append(NamedTensor(positions, [1] + table.shape.dimensions, Tensor.materialized([table])[0]))
        if shape.times != .published(count: shape.times.count) {
            tensors.append(NamedTensor(frequencies, [shape.times.count], descending(shape.times)))
        }
        try Safetensors.write(
            tensors, metadata: [("format", "pt"), (originKey, convention.rawValue)], hashKey: "ablate.hash", to: path)
    }

    private static func descending(_ times: Frequencies) -> [Float] {
        times.frequencies.reversed().map(Float.init)
    }

    /// Reads a released model as a teacher. Patch, width, depth and classes are told by the tensors' shapes.
    /// - Parameters:
    ///   - image: channels, height and width of what it was trained on.
    ///   - heads: of the attention, which no shape tells; absent takes 64 units a head below 1152 units, and 72 there, as published.
    ///   - weights: of a training's state; absent takes the moving average where there is one.
    /// - Throws: `InputError` and `CheckpointError`, naming the tensor that is missing or of another shape.
    package static func read(
        _ path: String, image: ImageShape, heads: Int?, convention: Convention,
        labels: PublishedLabels = PublishedLabels(), weights: Weights? = nil
    ) throws -> (description: CheckpointDescription, network: Network) {
        let file = try PublishedTensors(Safetensors(path), weights)
        let shape = try shape(of: file, image, heads)
        let table = try extents(file, tableName, rank: 2)
        let classes = try labels.classes(ofRows: table[0], path: path)
        let dimension = image.channels * image.height * image.width
        let blank = NetworkShape.sit(shape).build(
            dimension: dimension, image: image, classes: classes, key: RandomKey(seed: 0))
        let layout = Layout(image: image, shape: shape, convention: convention)
        var known: Set = [positions, frequencies]
        let tensors = try zip(blank.parameterNames, blank.parameters).map { name, parameter in
            let place = place(of: name), dimensions = parameter.shape.dimensions
            known.insert(place.name)
            if place.kind == .table {
                let values = try file.values(place.name, shape: [table[0], shape.width])
                return Tensor(labels.own(values, width: shape.width), shape: parameter.shape)
            }
            let values = try file.values(place.name, shape: layout.publishedShape(dimensions, place.kind))
            return Tensor(layout.own(values, dimensions, place.kind), shape: parameter.shape)
        }
        try checkPositions(file, image, shape)
        if let stranger = file.names.first(where: { !known.contains($0) && !$0.hasPrefix("projectors.") }) {
            throw CheckpointError(
                path: path, place: "tensor '\(file.prefix)\(stranger)'",
                found: "a name that a SiT teacher does not have",
                allowed: "its \(known.count - 2) tensors",
                nearest: nearestName(to: stranger, among: known.sorted()))
        }
        let description = CheckpointDescription(
            role: .teacher, model: .network(shape: .sit(shape), conditioning: []), dimension: dimension, image: image,
            classes: classes, labelDropout: labels.dropout)
        return (description, blank.replacingParameters(tensors))
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
            extent: .free(patch: side, width: width, depth: depth, heads: heads ?? publishedHeads(width)),
            times: try times(file, features), outputs: outputs == velocity ? nil : .velocityAndVariance)
        do {
            try NetworkShape.sit(shape).validate()
            try NetworkShape.sit(shape).validate(for: image)
        } catch { throw refusal("the shapes of its tensors", error.found, "\(error.key ?? "sizes") \(error.allowed)") }
        return shape
    }

    private static func publishedHeads(_ width: Int) -> Int {
        SiTSize.Model.allCases.first { $0.width == width }?.heads ?? max(1, width / 64)
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
        let difference = zip(values, Tensor.materialized([own])[0]).map { abs($0 - $1) }.max() ?? 0
        guard difference < positionTolerance else {
            throw CheckpointError(
                path: file.path, place: "tensor '\(positions)'", found: "other positions, by up to \(difference)",
                allowed: "the sines and cosines of an image of \(image.height) × \(image.width)")
        }
    }
}
