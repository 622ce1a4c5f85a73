import Engine

/// What a magnitude-preserving network is told: the even sum of time and class, passed on by SiLU, to which duration and guidance
/// scale are added with gains that begin at zero, so that a student begins as its teacher.
struct UnitConditioning: Module, Sendable {
    let classes: Int
    private let width: Int
    private let features: TimeFeatures
    var time: UnitLinear
    /// A row a class and one for "no class".
    var label: UnitLinear?
    var duration: UnitEmbedder?
    var guidance: UnitEmbedder?

    init(classes: Int, width: Int, times: Frequencies, key: RandomKey) {
        (self.classes, self.width, features) = (classes, width, times.features)
        time = UnitLinear(inputs: features.width, outputs: width, key: key.folding("time"))
        label = classes > 0 ? UnitLinear(inputs: classes + 1, outputs: width, key: key.folding("label")) : nil
    }

    /// [n, width], of times [n, 1], labels [n] where there are classes, durations and scales [n, 1] where they are embedded.
    func callAsFunction(_ t: Tensor, duration delta: Tensor?, _ condition: Condition) -> Tensor {
        var sum = time(MagnitudePreserving.features(features, t))
        if let label {
            guard let labels = condition.labels else {
                preconditionFailure("a network of \(classes) classes needs labels")
            }
            sum = MagnitudePreserving.sum(sum, label.row(labels), share: MagnitudePreserving.even)
        }
        if let duration {
            guard let delta else { preconditionFailure("a network with a duration embedder needs durations") }
            sum += duration(delta)
        }
        if let guidance {
            guard let scale = condition.guidance else {
                preconditionFailure("a network with a guidance embedder needs guidance scales")
            }
            sum += guidance(scale)
        }
        return MagnitudePreserving.silu(sum)
    }

    /// Adds the embedder of a scalar, unless it is there.
    mutating func embed(_ scalar: EmbeddedScalar, key: RandomKey) {
        switch scalar {
        case .duration: duration = duration ?? UnitEmbedder(features: features, width: width, key: key)
        case .guidance:
            guidance = guidance ?? UnitEmbedder(features: features, width: width, key: key.folding("guidance"))
        }
    }

    var embeddedScalars: [EmbeddedScalar] {
        (duration == nil ? [] : [.duration]) + (guidance == nil ? [] : [.guidance])
    }

    mutating func visitParameters(_ visit: (String, inout Tensor) -> Void) {
        time.visitParameters(under: "time", visit)
        label?.visitParameters(under: "label", visit)
        duration?.visitParameters(under: "duration", visit)
        guidance?.visitParameters(under: "guidance", visit)
    }
}

/// gain · Ŵ₂ silu(Ŵ₁ φ(a)) of a scalar a; the gain begins at zero.
struct UnitEmbedder: Module, Sendable {
    private let features: TimeFeatures
    var first: UnitLinear
    var second: UnitLinear
    /// [].
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
    /// [].
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
