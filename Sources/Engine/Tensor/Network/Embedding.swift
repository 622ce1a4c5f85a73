/// A learned row for each of a number of classes.
public struct Embedding: Module, Sendable {
    /// [classes, width].
    public var table: Tensor

    /// Creates a table of normal numbers with standard deviation `scale`, [classes, width].
    public init(classes: Int, width: Int, scale: Double = 1, key: RandomKey) {
        table = .normal([classes, width], key: key.folding("table")) * scale
    }

    /// Whole numbers […] in 0 ..< classes → […, width].
    public func callAsFunction(_ classes: Tensor) -> Tensor { table.gather(classes) }

    /// Visits the weights.
    public mutating func visitParameters(_ visit: (String, inout Tensor) -> Void) { visit("table", &table) }
}
