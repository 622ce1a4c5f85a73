/// Maps that are their own teacher (arXiv 2505.18825): three rows of four are flow matching, the others uniform on the triangle s < t,
/// with targets from the student.
extension Method {
    /// The path's end moves as the student's own velocity there.
    public static let lsd = selfDistilled("lsd", .lagrangian(velocity: .student, derivative: .jvp))
    /// The map does not change along the student's own velocity.
    public static let esd = selfDistilled("esd", .eulerian(velocity: .student, warmUp: 0))
    /// Two steps to a random place between are one.
    public static let psd = selfDistilled("psd", .semigroup(middle: .uniform, network: .student))

    private static func selfDistilled(_ name: MethodName, _ target: Target) -> Method {
        Method(
            name, start: .untrained,
            main: Term(states: .plainData, times: .triangle, target: target, weighting: .plain),
            secondTerm: .flowMatching(share: 0.75), sampling: .map)
    }
}
