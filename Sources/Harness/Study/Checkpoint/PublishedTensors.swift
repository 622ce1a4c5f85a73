import Storage

/// The tensors of one model in files of published names: all of them, or those under a prefix, as a training's state has them (`ema.`
/// and `model.`) and as wrappers leave them (`module.`, `_orig_mod.`).
struct PublishedTensors {
    let path: String
    /// The common beginning of their names in the file.
    let prefix: String
    private let file: TensorFiles

    /// The tensor that every such model has.
    private static let anchor = "x_embedder.proj.weight"

    /// - Parameter weights: the weights of a training's state; nil takes the moving average where there is one.
    /// - Throws: `CheckpointError` where the file has no such part, and where it has several models and none is
    ///   named.
    init(_ file: TensorFiles, _ weights: PublishedSiT.Weights?) throws {
        let prefixes = file.names.filter { $0 == Self.anchor || $0.hasSuffix(".\(Self.anchor)") }.map {
            String($0.dropLast(Self.anchor.count))
        }
        func having(_ part: PublishedSiT.Weights) -> [String] {
            prefixes.filter { $0.split(separator: ".").contains { part.names.contains(String($0)) } }
        }
        let parts = PublishedSiT.Weights.allCases.filter { !having($0).isEmpty }
        if let weights, !parts.contains(weights) {
            throw CheckpointError(
                path: file.path, found: "no names that begin with '\(weights.prefix)'",
                allowed: parts.isEmpty
                    ? "no choice of weights, as the file has one model" : parts.map(\.rawValue).joined(separator: ", "))
        }
        let averages = having(.ema)
        let chosen = weights.map(having) ?? (averages.isEmpty ? prefixes : averages)
        guard chosen.count <= 1 else {
            throw CheckpointError(
                path: file.path,
                found: "\(chosen.count) models, under \(chosen.map { "'\($0)'" }.joined(separator: " and "))",
                allowed: "one, or the averages of one under 'ema.' beside its weights under 'model.'")
        }
        (path, self.file) = (file.path, file)
        prefix = chosen.first ?? ""
    }

    /// The names without their common beginning; other tensors of a training's state are left out.
    var names: [String] {
        file.names.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
    }

    func shape(_ name: String) -> [Int]? { file.shape(prefix + name) }

    /// The stored type, such as "BF16".
    func type(_ name: String) -> String? { file.type(prefix + name) }

    func metadata(_ key: String) -> String? { file.metadata(key) }

    func values(_ name: String, shape: [Int]) throws -> [Float] { try file.values(prefix + name, shape: shape) }
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
