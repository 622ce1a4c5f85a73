import FlowMaps

/// The names and the layout of the released SiT models in PyTorch (arXiv 2401.08740), with their counterparts in this
/// program.
///
/// In PyTorch a linear layer holds its weights [outputs, inputs], a patch is embedded by a convolution [width,
/// channels, side, side], the last layer gives a patch's numbers pixel by pixel with the channels innermost, and the
/// features of time are cosines and then sines of descending frequencies. A model's convention says which end of time
/// is noise.
package enum PublishedSiT {
    /// The directions of time and velocity in a model.
    package enum Convention: String, Codable, Hashable, Sendable, CaseIterable {
        /// SiT's own: data at t = 1, the velocity from noise to data.
        case sit
        /// REPA's (arXiv 2410.06940), and this program's: noise at t = 1, the velocity from data to noise.
        case repa
    }

    /// The transformations of a tensor between the two layouts.
    enum Kind: Hashable {
        /// One axis, the same here and there: a bias, or the scales of a norm.
        case vector
        /// [inputs, outputs] here, [outputs, inputs] there.
        case weight
        /// [channels · side · side, width] here, [width, channels, side, side] there.
        case patchWeight
        /// [features, width] here, sines first and frequencies ascending; there as described above. Time itself may run backwards.
        case timeWeight
        /// The same for another scalar, which does not run backwards.
        case scalarWeight
        case table
        /// The last layer, whose outputs are ordered otherwise, and whose sign the convention decides.
        case outputWeight
        case outputBias
    }

    struct Place: Hashable {
        let name: String
        let kind: Kind
    }

    /// The published name of a parameter of `SiT`, and its transformation.
    static func place(of parameter: String) -> Place {
        if let whole = exact[parameter] { return whole }
        let parts = parameter.split(separator: ".", maxSplits: 2).map(String.init)
        precondition(parts.count == 3 && parts[0] == "blocks", "no published name for \(parameter)")
        let layer = parts[2].split(separator: ".").dropLast().joined(separator: ".")
        guard let published = layers[layer] else { preconditionFailure("no published name for \(parameter)") }
        let isWeight = parameter.hasSuffix("weight"), isNorm = published.hasSuffix("_norm")
        return Place(
            name: "blocks.\(parts[1]).\(published).\(isWeight ? "weight" : "bias")",
            kind: isWeight && !isNorm ? .weight : .vector)
    }

    private static let layers = [
        "modulation": "adaLN_modulation.1", "attention.input": "attn.qkv", "attention.output": "attn.proj",
        "attention.query": "attn.q_norm", "attention.key": "attn.k_norm", "perceptron.first": "mlp.fc1",
        "perceptron.second": "mlp.fc2",
    ]

    private static let exact: [String: Place] = [
        "embedding.weight": Place(name: "x_embedder.proj.weight", kind: .patchWeight),
        "embedding.bias": Place(name: "x_embedder.proj.bias", kind: .vector),
        "time.first.weight": Place(name: "t_embedder.mlp.0.weight", kind: .timeWeight),
        "time.first.bias": Place(name: "t_embedder.mlp.0.bias", kind: .vector),
        "time.second.weight": Place(name: "t_embedder.mlp.2.weight", kind: .weight),
        "time.second.bias": Place(name: "t_embedder.mlp.2.bias", kind: .vector),
        "label.table": Place(name: tableName, kind: .table),
        // The released models have no such embedders; these two names are this program's.
        "duration.first.weight": Place(name: "d_embedder.mlp.0.weight", kind: .scalarWeight),
        "duration.first.bias": Place(name: "d_embedder.mlp.0.bias", kind: .vector),
        "duration.second.weight": Place(name: "d_embedder.mlp.2.weight", kind: .weight),
        "duration.second.bias": Place(name: "d_embedder.mlp.2.bias", kind: .vector),
        "guidance.first.weight": Place(name: "g_embedder.mlp.0.weight", kind: .scalarWeight),
        "guidance.first.bias": Place(name: "g_embedder.mlp.0.bias", kind: .vector),
        "guidance.second.weight": Place(name: "g_embedder.mlp.2.weight", kind: .weight),
        "guidance.second.bias": Place(name: "g_embedder.mlp.2.bias", kind: .vector),
        // MeanFlow's second time, where it is the end of the step.
        "end.first.weight": Place(name: secondTime, kind: .timeWeight),
        "end.first.bias": Place(name: "r_embedder.mlp.0.bias", kind: .vector),
        "end.second.weight": Place(name: "r_embedder.mlp.2.weight", kind: .weight),
        "end.second.bias": Place(name: "r_embedder.mlp.2.bias", kind: .vector),
        "modulation.weight": Place(name: "final_layer.adaLN_modulation.1.weight", kind: .weight),
        "modulation.bias": Place(name: "final_layer.adaLN_modulation.1.bias", kind: .vector),
        "output.weight": Place(name: "final_layer.linear.weight", kind: .outputWeight),
        "output.bias": Place(name: "final_layer.linear.bias", kind: .outputBias),
    ]

    /// The table of classes [rows, width].
    static let tableName = "y_embedder.embedding_table.weight"
    /// The fixed table of positions [1, patches, width], which is a parameter there.
    static let positions = "pos_embed"
    /// The frequencies [k], descending, where they are not spaced as in the released models: nothing there reads them, so a strict
    /// loader stops instead of computing something else.
    static let frequencies = "t_embedder.frequencies"
}
