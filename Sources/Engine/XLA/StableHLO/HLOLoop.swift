/// A function that calls another over and over: steps of a training, each from the state that the one before has left.
struct HLOLoop {
    private(set) var function = HLOFunction()
    /// How many steps are done at most, an int32 argument.
    let count = HLOValue(name: "%count", type: HLOType(.int32))
    /// The states after the last step, then its outputs, then the number of steps that were done.
    private(set) var results: [HLOValue] = []

    /// - Parameters:
    ///   - step: the name of the function; it gives `values` for `arguments`, of both the states first.
    init(of step: String, _ arguments: [HLOValue], _ values: [HLOValue], states: Int) {
        // What goes around: states, outputs, steps done, whether all scalar outputs are finite.
        var start = Array(arguments[..<states])
        start += values[states...].map { function.number(0, $0.type) }
        start += [function.whole(0, count.type), function.constant("true", HLOType(.truth))]
        let carried = start.enumerated().map { HLOValue(name: "%carried\($0)", type: $1.type) }
        let done = carried[values.count], isFinite = carried[values.count + 1]

        var condition = HLOFunction(prefix: "c")
        let isGoing = condition.apply("and", condition.compared(done, "LT", count), isFinite)

        var body = HLOFunction(prefix: "b")
        let given = carried[..<states] + arguments[states...], types = given.map { "\($0.type)" }
        let made = body.values(
            "func.call @\(step)(\(given.map(\.name).joined(separator: ", "))) : (\(types.joined(separator: ", "))) -> "
                + "(\(values.map { "\($0.type)" }.joined(separator: ", ")))", values.map(\.type))
        var areFinite = body.constant("true", HLOType(.truth))
        for output in made[states...] where output.type.dimensions.isEmpty {
            areFinite = body.apply("and", areFinite, body.changed("is_finite", output, HLOType(.truth)))
        }
        let next = made + [body.apply("add", done, body.whole(1, done.type)), areFinite]

        let pairs = zip(carried, start).map { "\($0.name) = \($1.name)" }.joined(separator: ", ")
        let around = function.values(
            "stablehlo.while(\(pairs)) : \(carried.map { "\($0.type)" }.joined(separator: ", "))\n"
                + "  cond {\n\(condition.region([isGoing]))  } do {\n\(body.region(next))  }", carried.map(\.type))
        results = Array(around.dropLast())
    }
}

extension HLOFunction {
    /// The lines as a region of an operation, which ends with values.
    fileprivate func region(_ results: [HLOValue]) -> String {
        let names = results.map(\.name).joined(separator: ", "), types = results.map { "\($0.type)" }
        return (lines + ["stablehlo.return \(names) : \(types.joined(separator: ", "))"]).map { "    \($0)\n" }.joined()
    }
}
