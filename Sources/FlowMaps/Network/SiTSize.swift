/// A published size by its name, model and patch: `XL/2` (DiT, arXiv 2212.09748, table 1; SiT, arXiv 2401.08740).
///
/// Any patch may follow the slash; those of `allCases` are the published ones.
public struct SiTSize: RawRepresentable, Codable, Hashable, Sendable, CaseIterable {
    /// The published model.
    public let model: Model
    /// Pixels along a side of a patch.
    public let patch: Int

    /// The published widths, depths and heads.
    public enum Model: String, Hashable, Sendable, CaseIterable {
        case small = "S"
        case base = "B"
        case large = "L"
        case extraLarge = "XL"

        /// Units of a token.
        public var width: Int {
            switch self {
            case .small: 384
            case .base: 768
            case .large: 1024
            case .extraLarge: 1152
            }
        }

        /// Blocks.
        public var depth: Int {
            switch self {
            case .small, .base: 12
            case .large: 24
            case .extraLarge: 28
            }
        }

        /// Heads of the attention.
        public var heads: Int {
            switch self {
            case .small: 6
            case .base: 12
            case .large, .extraLarge: 16
            }
        }
    }

    /// A model with a patch side.
    public init(_ model: Model, patch: Int) { (self.model, self.patch) = (model, patch) }

    /// Reads `XL/2`; nil where it is no model, a slash and a positive number.
    public init?(rawValue: String) {
        let parts = rawValue.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let model = Model(rawValue: String(parts[0])), let patch = Int(parts[1]), patch > 0,
            "\(patch)" == parts[1]
        else { return nil }
        self.init(model, patch: patch)
    }

    /// The name, such as `XL/2`.
    public var rawValue: String { "\(model.rawValue)/\(patch)" }

    /// The published sizes: every model with patches of 2, 4 and 8.
    public static var allCases: [SiTSize] {
        Model.allCases.flatMap { model in [2, 4, 8].map { .init(model, patch: $0) } }
    }
}
