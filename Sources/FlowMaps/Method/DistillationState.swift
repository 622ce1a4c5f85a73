import Tensors

/// A student and all that is trained with it.
public struct DistillationState: Module {
    public var student: TrainState<Network>
    /// The network of the student's own velocity, where a target compares distributions.
    public var auxiliary: TrainState<AuxiliaryNetwork>?
    /// The network that targets are computed with, where it is not the student as it is.
    public var target: Network?
    /// The learned weights of times, one a term of the method; empty where none is learned.
    public var weights: [TrainState<TimeWeightNetwork>?] = []

    public mutating func visitParameters(_ visit: (String, inout Tensor) -> Void) {
        student.visitParameters(under: "student", visit)
        auxiliary?.visitParameters(under: "auxiliary", visit)
        target?.visitParameters(under: "target", visit)
        weights.visitParameters(under: "weights", visit)
    }
}
