import Storage

/// The tensors of one model in files of published names: all of them, or those under a prefix, as a training's state has them (`ema.`
/// and `model.`) and as wrappers leave them (`module.`, `_orig_mod.`). Those of diffusers are read under the released names.
struct PublishedTensors {
    let path: String
    /// The common beginning of their names in the file.
    let prefix: String
    /// The file has diffusers' names.
    let isDiffusers: Bool
    private let file: TensorFiles
    /// The tensors of the file that make one of a released name, side by side along the first axis.
    private let sources: [String: [String]]
    /// The released names, in the order of the file.
    let names: [String]

    /// The tensor that every such model has.
    private static let anchor = "x_embedder.proj.weight"

    /// - Parameter weights: the weights of a training's state; nil takes the moving average where there is one.
    /// - Throws: `CheckpointError` where the file has no such part, and where it has several models and none is
    ///   named.
    init(_ file: TensorFiles, _ weights: PublishedSiT.Weights?) throws {
        let released = Self.prefixes(file, Self.anchor)
        isDiffusers = released.isEmpty && !Self.prefixes(file, DiffusersNames.anchor).isEmpty
        let prefixes = isDiffusers ? Self.prefixes(file, DiffusersNames.anchor) : released
        let prefix = try Self.prefix(among: prefixes, weights, file.path)
        (path, self.file, self.prefix) = (file.path, file, prefix)
        var sources: [String: [String]] = [:], names: [String] = []
        for name in file.names where name.hasPrefix(prefix) {
            let own = String(name.dropFirst(prefix.count))
            let known = isDiffusers ? DiffusersNames.released(own) ?? own : own
            if sources[known] == nil { names.append(known) }
            sources[known, default: []].append(name)
        }
        self.names = names
        self.sources = isDiffusers ? try Self.joined(sources, file) : sources
    }

    private static func prefixes(_ file: TensorFiles, _ anchor: String) -> [String] {
        file.names.filter { $0 == anchor || $0.hasSuffix(".\(anchor)") }.map { String($0.dropLast(anchor.count)) }
    }

    private static func prefix(
        among prefixes: [String], _ weights: PublishedSiT.Weights?, _ path: String
    ) throws -> String {
        func having(_ part: PublishedSiT.Weights) -> [String] {
            prefixes.filter { $0.split(separator: ".").contains { part.names.contains(String($0)) } }
        }
        let parts = PublishedSiT.Weights.allCases.filter { !having($0).isEmpty }
        if let weights, !parts.contains(weights) {
            throw CheckpointError(
                path: path, found: "no names that begin with '\(weights.prefix)'",
                allowed: parts.isEmpty
                    ? "no choice of weights, as the file has one model" : parts.map(\.rawValue).joined(separator: ", "))
        }
        let averages = having(.ema)
        let chosen = weights.map(having) ?? (averages.isEmpty ? prefixes : averages)
        guard chosen.count <= 1 else {
            throw CheckpointError(
                path: path,
                found: "\(chosen.count) models, under \(chosen.map { "'\($0)'" }.joined(separator: " and "))",
                allowed: "one, or the averages of one under 'ema.' beside its weights under 'model.'")
        }
        return chosen.first ?? ""
    }

    /// Queries, keys and values in their order; of the embedders that each block repeats the first, once they are all the same.
    private static func joined(_ sources: [String: [String]], _ file: TensorFiles) throws -> [String: [String]] {
        try sources.mapValues { names in
            guard names.count > 1, let first = names.first, let shape = file.shape(first) else { return names }
            let mixed = DiffusersNames.mixed.compactMap { layer in names.first { $0.contains(layer) } }
            guard mixed.isEmpty else { return mixed }
            let values = try file.values(first, shape: shape)
            for name in names.dropFirst()
            where try file.shape(name) != shape || file.values(name, shape: shape) != values {
                throw CheckpointError(
                    path: file.path, place: "tensor '\(name)'", found: "other numbers than in '\(first)'",
                    allowed: "the same embedder in each block, as the released models have one")
            }
            return [first]
        }
    }

    func shape(_ name: String) -> [Int]? {
        let shapes = (sources[name] ?? []).compactMap { file.shape($0) }
        guard var shape = shapes.first, shapes.count > 1, !shape.isEmpty else { return shapes.first }
        shape[0] = shapes.reduce(0) { $0 + ($1.first ?? 0) }
        return shape
    }

    /// The stored type, such as "BF16".
    func type(_ name: String) -> String? { sources[name]?.first.flatMap { file.type($0) } }

    func metadata(_ key: String) -> String? { file.metadata(key) }

    func values(_ name: String, shape: [Int]) throws -> [Float] {
        guard let parts = sources[name], parts.count > 1, let rows = shape.first, rows.isMultiple(of: parts.count)
        else {
            return try file.values(sources[name]?.first ?? prefix + name, shape: shape)
        }
        let part = [rows / parts.count] + shape.dropFirst()
        return try parts.flatMap { try file.values($0, shape: part) }
    }
}

extension PublishedSiT {
    /// The weights of a training's state.
    package enum Weights: String, Codable, Hashable, Sendable, CaseIterable {
        /// The moving average, with which published samples are made.
        case ema
        /// The weights under training.
        case model

        var prefix: String { "\(rawValue)." }

        /// The parts of names that identify these weights.
        var names: Set<String> {
            switch self {
            case .ema: ["ema", "ema_model", "model_ema"]
            case .model: ["model"]
            }
        }
    }
}

/// The meaning of the rows of a published table of classes.
package struct PublishedLabels: Hashable, Sendable {
    /// The row of "no class".
    package let null: NullClass
    /// The share of rows that the model was trained on without their class, in [0, 1]; nil where it is not known.
    package let dropout: Double?

    package enum NullClass: Hashable, Sendable {
        /// The row after all classes, as in the released models.
        case last
        /// No row: the model was trained with all classes given, and cannot be guided.
        case none
        /// Another row; the classes are the others in their order.
        case row(Int)
    }

    package init(null: NullClass = .last, dropout: Double? = nil) {
        self.null = null
        self.dropout = null == .none ? 0 : dropout
    }

    /// Refuses a table without the row, or with no class beside it.
    func classes(ofRows rows: Int, path: String) throws -> Int {
        let classes = null == .none ? rows : rows - 1
        func refusal(_ allowed: String) -> CheckpointError {
            CheckpointError(
                path: path, place: "tensor '\(PublishedSiT.tableName)'", found: "\(rows) rows", allowed: allowed)
        }
        if case .row(let row) = null, row >= rows { throw refusal("at least \(row + 1), as row \(row) is no class") }
        guard classes >= 1 else { throw refusal("a row a class\(null == .none ? "" : " and one for none")") }
        return classes
    }

    /// The table [classes + 1, width] of this program, whose last row is "no class"; zeros where the model has none.
    func own(_ values: [Float], width: Int) -> [Float] {
        switch null {
        case .last: return values
        case .none: return values + [Float](repeating: 0, count: width)
        case .row(let row):
            let own = row * width..<(row + 1) * width
            return Array(values[..<own.lowerBound]) + values[own.upperBound...] + values[own]
        }
    }
}
