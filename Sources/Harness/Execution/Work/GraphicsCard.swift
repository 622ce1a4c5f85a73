/// A card by whose data sheet the time of a study is estimated, without having one.
package enum GraphicsCard: String, CaseIterable, Sendable {
    case h100, h200, a100, l40s, rtx4090

    /// The maker's name.
    package var title: String {
        switch self {
        case .h100: "NVIDIA H100 (SXM, 80 GB)"
        case .h200: "NVIDIA H200 (SXM, 141 GB)"
        case .a100: "NVIDIA A100 (SXM, 80 GB)"
        case .l40s: "NVIDIA L40S (48 GB)"
        case .rtx4090: "NVIDIA GeForce RTX 4090 (24 GB)"
        }
    }

    /// Operations a second of dense products of bfloat16 with float32 sums, and of float32, by NVIDIA's data sheets.
    package var peak: (mixed: Double, float32: Double) {
        switch self {
        case .h100, .h200: (989.4e12, 66.9e12)
        case .a100: (312e12, 19.5e12)
        case .l40s: (362.1e12, 91.6e12)
        case .rtx4090: (165.2e12, 82.6e12)
        }
    }

    /// Bytes.
    package var memory: Double {
        switch self {
        case .h100, .a100: 80e9
        case .h200: 141e9
        case .l40s: 48e9
        case .rtx4090: 24e9
        }
    }
}
