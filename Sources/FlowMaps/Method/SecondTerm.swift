import Tensors

/// A second term of a method, on rows of its own.
public struct SecondTerm: Hashable, Sendable {
    /// Its share of the rows of a batch, in (0, 1]. At 1 it is trained alone: the first term has no rows, and counts for nothing.
    public var share: Double
    /// The factor of its gradient beside the first term's, at least 0.
    public var weight: Double
    /// The number that the factor is a multiple of.
    public var balance: Balance
    /// The term.
    public var term: Term

    /// The number that the factor of the second term's gradient is a multiple of. ‖·‖ is the norm of a row, E the
    /// mean over a term's rows.
    public enum Balance: String, Codable, Hashable, Sendable, CaseIterable {
        /// The number 1.
        case none
        /// The ratio E‖Δ₁‖ / (E‖Δ₂‖ + ε), Δ₁ and Δ₂ the residuals of both terms before their weighting (arXiv
        /// 2511.19428).
        case residual
        /// The same ratio of the residuals after their weighting.
        case direction
    }

    /// A second term with its share of the rows and the factor of its gradient.
    public init(share: Double, weight: Double = 1, balance: Balance = .none, term: Term) {
        (self.share, self.weight, self.balance, self.term) = (share, weight, balance, term)
    }

    /// ε: far below any velocity, so that it only keeps 0 / 0 away. Its value is not published.
    static let epsilon = 1e-8

    /// The factor of its gradient, a scalar and constant to the gradient.
    /// - Parameter first: what the first term made of its rows; nil where it has none, and the factor is the weight itself.
    func factor(of second: TermResult, relativeTo first: TermResult?) -> Tensor? {
        guard let first else { return nil }
        return factor(meanNorm(first), meanNorm(second))
    }

    /// The factor of its gradient from the mean norms of both terms; nil where it is the weight itself.
    func factor(_ first: Tensor?, _ second: Tensor?) -> Tensor? {
        guard let first, let second else { return nil }
        return weight * first / (second + Self.epsilon)
    }

    /// E‖Δ‖ over the rows of a term, a scalar; nil where nothing is a multiple of it.
    func meanNorm(_ result: TermResult) -> Tensor? {
        switch balance {
        case .none: nil
        case .residual: sqrt(square(result.residual).sum([1])).mean()
        case .direction: sqrt(square(result.direction).sum([1])).mean()
        }
    }
}
