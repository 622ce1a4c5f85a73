import Foundation
import Storage

/// The tensors of a model in safetensors: one file, or several that an index lists, as large models are released.
package struct TensorFiles {
    let path: String
    /// In the order of the files, and of each as they lie in it.
    let names: [String]
    private let files: [Safetensors]
    private let places: [String: Int]

    /// - Parameter path: of a safetensors file, or of its index, `model.safetensors.index.json`.
    /// - Throws: `InputError` where a file cannot be read, `CheckpointError` where one is damaged or in another format.
    init(_ path: String) throws {
        self.path = path
        let index = path.hasSuffix(".json") ? try Index(path) : nil
        if index == nil { try Self.refuseForeign(path) }
        files = try (index?.files ?? [path]).map { try Safetensors($0) }
        var places: [String: Int] = [:], names: [String] = []
        for (place, file) in files.enumerated() {
            for name in file.names where places.updateValue(place, forKey: name) == nil { names.append(name) }
        }
        if let missing = index?.names.first(where: { places[$0] == nil }) {
            throw CheckpointError(
                path: path, found: "no tensor '\(missing)' in its files", allowed: "every tensor that the index lists")
        }
        (self.names, self.places) = (names, places)
    }

    func shape(_ name: String) -> [Int]? { places[name].flatMap { files[$0].shape(name) } }

    /// The metadata under a key, from the first file that has it.
    func metadata(_ key: String) -> String? { files.lazy.compactMap { $0.metadata(key) }.first }

    /// The stored type of a tensor, such as "BF16".
    func type(_ name: String) -> String? { places[name].flatMap { files[$0].type(name) } }

    /// The numbers of a tensor, all finite.
    /// - Throws: `CheckpointError` where there is none of the name, for another shape or type, and for a number that is not finite.
    func values(_ name: String, shape: [Int]) throws -> [Float] {
        let file = places[name].map { files[$0] } ?? files[0]
        let values = try file.values(name, shape: shape)
        if let wrong = values.firstIndex(where: { !$0.isFinite }) {
            throw CheckpointError(
                path: file.path, place: "tensor '\(name)'", found: "\(values[wrong]) at number \(wrong)",
                allowed: "finite numbers")
        }
        return values
    }

    /// Refuses a file of PyTorch's own format, with the way to convert it to safetensors.
    private static func refuseForeign(_ path: String) throws {
        guard RegularFile.fault(of: path) == nil, let file = fopen(path, "rb") else { return }
        defer { fclose(file) }
        var start = [UInt8](repeating: 0, count: 9)
        let count = fread(&start, 1, start.count, file)
        // The length of a safetensors header may begin as a pickle does; what follows it is a brace.
        guard count < start.count || start[8] != UInt8(ascii: "{") else { return }
        guard start[..<count].starts(with: [0x50, 0x4b, 0x03, 0x04]) || start[..<count].starts(with: [0x80]) else {
            return
        }
        throw CheckpointError(
            path: path, found: "a file of PyTorch, which runs code when it is opened",
            allowed: "a safetensors file of it, which these two lines of Python make:\n"
                + conversion((path as NSString).lastPathComponent))
    }

    /// Python that makes safetensors of a state that PyTorch saved, its moving average where it has one.
    package static func conversion(_ name: String) -> String {
        let stem = (name as NSString).deletingPathExtension
        return """
                import torch, safetensors.torch; d = torch.load("\(name)", map_location="cpu", weights_only=False); d = d.get("ema", d.get("model", d.get("state_dict", d)))
                safetensors.torch.save_file({k: v.clone().contiguous() for k, v in d.items() if torch.is_tensor(v)}, "\(stem).safetensors")
            """
    }
}

extension TensorFiles {
    /// `{"weight_map": {"blocks.0.attn.qkv.weight": "model-00001-of-00002.safetensors", …}}`, as Hugging Face's libraries write it.
    private struct Index {
        let names: [String]
        /// Paths, each once.
        let files: [String]

        private struct Content: Decodable {
            let weights: [String: String]

            enum CodingKeys: String, CodingKey { case weights = "weight_map" }
        }

        init(_ path: String) throws {
            let data = try RegularFile.read(path, attempt: "read the index")
            guard let content = try? JSONDecoder().decode(Content.self, from: data), !content.weights.isEmpty else {
                throw CheckpointError(
                    path: path, found: "no index of safetensors files",
                    allowed: "JSON with a weight_map of names to files")
            }
            names = content.weights.keys.sorted()
            let folder = (path as NSString).deletingLastPathComponent
            let files = Set(content.weights.values).sorted()
            if let stranger = files.first(where: { $0.hasPrefix("/") || $0.split(separator: "/").contains("..") }) {
                throw CheckpointError(path: path, found: "the file '\(stranger)'", allowed: "files beside the index")
            }
            self.files = files.map { folder.isEmpty ? $0 : "\(folder)/\($0)" }
        }
    }
}
