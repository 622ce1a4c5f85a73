import Tensors

/// The condition of a magnitude-preserving network: the even sum of time and class, passed through SiLU, to which
/// duration and guidance scale are added with gains that begin at zero, so that a student begins as its teacher.
struct UnitConditioning: Module, Sendable {
    let classes: Int
    private let width: Int
    private let features: TimeFeatures
    var time: UnitLinear
    /// A row a class and one for "no class".
    var label: UnitLinear?
    private(set) var scalars = EmbeddedScalars<UnitEmbedder>()

    init(classes: Int, width: Int, times: Frequencies, key: RandomKey) {
        (self.classes, self.width, features) = (classes, width, times.features)
        time = UnitLinear(inputs: features.width, outputs: width, key: key.folding("time"))
        label = classes > 0 ? UnitLinear(inputs: classes + 1, outputs: width, key: key.folding("label")) : nil
    }

    /// [n, width], of times [n, 1], labels [n] where there are classes, durations and scales [n, 1] where they are embedded.
    func callAsFunction(_ t: Tensor, duration delta: Tensor?, _ condition: Condition) -> Tensor {
        var sum = time(MagnitudePreserving.features(features, t))
        if let label {
            let row = label.row(condition.labels(of: classes))
            sum = MagnitudePreserving.sum(sum, row, share: MagnitudePreserving.even)
        }
        return MagnitudePreserving.silu(scalars.added(to: sum, time: t, duration: delta, condition))
    }

    /// Adds the embedder of a scalar, unless it is there.
    mutating func embed(_ scalar: EmbeddedScalar, key: RandomKey) {
        scalars.embed(scalar, features: features, width: width, key: key)
    }

    mutating func visitParameters(_ visit: (String, inout Tensor) -> Void) {
        time.visitParameters(under: "time", visit)
        label?.visitParameters(under: "label", visit)
        scalars.visitParameters(visit)
    }
}

/// gain · Ŵ₂ silu(Ŵ₁ φ(a)) of a scalar a; the gain begins at zero.
struct UnitEmbedder: ScalarEmbedding {
    private let features: TimeFeatures
    var first: UnitLinear
    var second: UnitLinear
    /// The gain, a scalar [].
    var gain: Tensor

    init(features: TimeFeatures, width: Int, key: RandomKey) {
        self.features = features
        first = UnitLinear(inputs: features.width, outputs: width, key: key.folding("first"))
        second = UnitLinear(inputs: width, outputs: width, key: key.folding("second"))
        gain = .zeros([])
    }

    /// [n, 1] → [n, width].
    func callAsFunction(_ scalar: Tensor) -> Tensor {
        gain * second(MagnitudePreserving.silu(first(MagnitudePreserving.features(features, scalar))))
    }

    mutating func visitParameters(_ visit: (String, inout Tensor) -> Void) {
        first.visitParameters(under: "first", visit)
        second.visitParameters(under: "second", visit)
        visit("gain", &gain)
    }
}

/// 1 + gain · Ŵ c: what a condition c scales a block's units by; the gain begins at zero.
struct UnitModulation: Module, Sendable {
    var linear: UnitLinear
    /// The gain, a scalar [].
    var gain: Tensor

    init(width: Int, key: RandomKey) {
        linear = UnitLinear(inputs: width, outputs: width, key: key)
        gain = .zeros([])
    }

    /// [n, width] → [n, width].
    func callAsFunction(_ condition: Tensor) -> Tensor { 1 + gain * linear(condition) }

    mutating func visitParameters(_ visit: (String, inout Tensor) -> Void) {
        linear.visitParameters(visit)
        visit("gain", &gain)
    }
}
