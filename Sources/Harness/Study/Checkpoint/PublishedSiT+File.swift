import Tensors
import FlowMaps
import Specification
import Storage

extension PublishedSiT {
    static let headsKey = "ablate.heads"
    static let originKey = "ablate.convention"

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

    /// Reads a released model. Patch, width, depth, norms and classes follow from the tensors' shapes; one with embedders of a second
    /// time, a duration or a guidance scale is a student.
    /// - Parameters:
    ///   - image: channels, height and width of the images that it was trained on.
    ///   - options: what is said beside the file.
    /// - Throws: `InputError` and `CheckpointError`, naming the tensor that is missing, not finite or of another shape, and for an
    ///   option that the file contradicts.
    package static func model(
        _ path: String, image: ImageShape, _ options: PublishedOptions = PublishedOptions()
    ) throws -> PublishedModel {
        let file = try PublishedTensors(TensorFiles(path), options.weights)
        let (convention, source) = try Self.convention(of: file, options)
        let shape = try shape(of: file, image, options.heads), scalars = try options.scalars(of: file)
        // A model without the table knows no classes.
        let rows = file.shape(tableName) == nil ? nil : try extents(file, tableName, rank: 2)[0]
        let classes = try rows.map { try options.labels.classes(ofRows: $0, path: path) } ?? 0
        let dimension = image.channels * image.height * image.width, whole = options.network(shape)
        let blank = whole.build(dimension: dimension, image: image, classes: classes, key: RandomKey(seed: 0))
            .embedding(scalars, key: RandomKey(seed: 0))
        let layout = Layout(image: image, shape: shape, convention: convention)
        var known: Set = [positions, frequencies]
        let tensors = try zip(blank.parameterNames, blank.parameters).map { name, parameter in
            let place = options.place(of: name, in: file), dimensions = parameter.shape.dimensions
            known.insert(place.name)
            if place.kind == .table {
                let values = try file.values(place.name, shape: [rows ?? 0, shape.width])
                return Tensor(options.labels.own(values, width: shape.width), shape: parameter.shape)
            }
            let values = try file.values(place.name, shape: layout.publishedShape(dimensions, place.kind))
            return Tensor(layout.own(values, dimensions, place.kind), shape: parameter.shape)
        }
        try checkPositions(file, image, shape)
        let role: CheckpointDescription.Role = scalars.isEmpty ? .teacher : .student
        let description = CheckpointDescription(
            role: role, model: .network(shape: whole, conditioning: blank.embeddedScalars), dimension: dimension,
            image: image, classes: classes,
            labelDropout: classes == 0 || role == .student ? nil : options.labels.dropout)
        return PublishedModel(
            description: description, network: blank.replacingParameters(tensors), shape: shape, convention: convention,
            conventionSource: source, prefix: file.prefix,
            leftOut: try leftOut(of: file, known: known, role), isDiffusers: file.isDiffusers)
    }

    /// Tensors that are no part of the model: projection heads, counters, and single numbers.
    /// - Throws: `CheckpointError` for any other, which another model would compute something with.
    private static func leftOut(
        of file: PublishedTensors, known: Set<String>, _ role: CheckpointDescription.Role
    ) throws -> [String] {
        let strangers = file.names.filter { !known.contains($0) }
        for stranger in strangers where !isBeside(stranger, file) {
            throw CheckpointError(
                path: file.path, place: "tensor '\(file.prefix)\(stranger)'",
                found: "a name that a SiT \(role.rawValue) does not have",
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
}
