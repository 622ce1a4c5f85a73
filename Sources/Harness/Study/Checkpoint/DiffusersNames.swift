/// The names of diffusers' DiT (`DiTTransformer2DModel`), with those of the released models that they stand for.
///
/// There queries, keys and values are three layers, and each block has its own copy of the embedders of time and class; the first
/// block's is the one that the last layer sees too.
enum DiffusersNames {
    /// The tensor that every such model has.
    static let anchor = "pos_embed.proj.weight"

    private static let ends = [
        "pos_embed.proj": "x_embedder.proj", "proj_out_1": "final_layer.adaLN_modulation.1",
        "proj_out_2": "final_layer.linear",
    ]
    private static let layers = [
        "norm1.linear": "adaLN_modulation.1", "attn1.to_q": "attn.qkv", "attn1.to_k": "attn.qkv",
        "attn1.to_v": "attn.qkv", "attn1.to_out.0": "attn.proj", "attn1.norm_q": "attn.q_norm",
        "attn1.norm_k": "attn.k_norm", "ff.net.0.proj": "mlp.fc1", "ff.net.2": "mlp.fc2",
    ]
    private static let embedders = [
        "norm1.emb.timestep_embedder.linear_1": "t_embedder.mlp.0",
        "norm1.emb.timestep_embedder.linear_2": "t_embedder.mlp.2",
        "norm1.emb.class_embedder.embedding_table": "y_embedder.embedding_table",
    ]
    /// The order in which the three layers lie in one.
    static let mixed = ["attn1.to_q.", "attn1.to_k.", "attn1.to_v."]

    /// The released name of a tensor; nil for one that no released model has.
    static func released(_ name: String) -> String? {
        if name == "pos_embed.pos_embed" { return PublishedSiT.positions }
        let parts = name.split(separator: ".").map(String.init)
        guard parts.count > 1, let last = parts.last else { return nil }
        guard parts[0] == "transformer_blocks", parts.count > 3 else {
            return ends[parts.dropLast().joined(separator: ".")].map { "\($0).\(last)" }
        }
        let layer = parts[2...].dropLast().joined(separator: ".")
        if let embedder = embedders[layer] { return "\(embedder).\(last)" }
        return layers[layer].map { "blocks.\(parts[1]).\($0).\(last)" }
    }
}
