/// A function that calls another over and over: steps of a training, each from the state that the one before has left.
struct HLOLoop {
    private(set) var function = HLOFunction()
    /// How many steps are done, an int32 argument.
    let count = HLOValue(name: "%count", type: HLOType(.int32))
    /// The states after the last step, then the outputs of all steps.
    private(set) var results: [HLOValue] = []

    /// - Parameters:
    ///   - step: the name of the function; it gives `values` for `arguments`, of both the states first.
    ///   - mostSteps: the extent of the axis that outputs of all steps lie along.
    init(of step: String, _ arguments: [HLOValue], _ values: [HLOValue], states: Int, mostSteps: Int) {
        let index = HLOValue(name: "%index", type: HLOType(.int32))
        let kept = values[states...].map { HLOType(.float32, [mostSteps] + $0.type.dimensions) }
        let start = [function.whole(0, index.type)] + arguments[..<states] + kept.map { function.number(0, $0) }
        let carried = start.enumerated().map { place, value in
            place == 0 ? index : HLOValue(name: "%carried\(place)", type: value.type)
        }
        let types = carried.map(\.type)
        let given = zip(carried, start).map { "\($0.name) = \($1.name)" }.joined(separator: ", ")
        var condition = HLOFunction(prefix: "c")
        let isGoing = condition.compared(index, "LT", count)
        var body = HLOFunction(prefix: "b")
        let made = body.values(
            "func.call @\(step)(\((carried[1...states] + arguments[states...]).map(\.name).joined(separator: ", "))) : "
                + "(\(arguments.map { "\($0.type)" }.joined(separator: ", "))) -> "
                + "(\(values.map { "\($0.type)" }.joined(separator: ", ")))", values.map(\.type))
        let next = body.apply("add", index, body.whole(1, index.type))
        let all = zip(carried[(states + 1)...], made[states...]).map { body.put($1, at: index, in: $0) }
        let results = function.values(
            "stablehlo.while(\(given)) : \(types.map { "\($0)" }.joined(separator: ", "))\n"
                + "  cond {\n\(condition.region([isGoing]))  } do {\n"
                + "\(body.region([next] + made[..<states] + all))  }", types)
        self.results = Array(results.dropFirst())
    }
}

extension HLOFunction {
    /// A value put into another that has one axis more, at a place along it.
    fileprivate mutating func put(_ x: HLOValue, at index: HLOValue, in whole: HLOValue) -> HLOValue {
        let row = reshaped(x, to: [1] + x.type.dimensions), zero = self.whole(0, index.type)
        let places = [index.name] + x.type.dimensions.map { _ in zero.name }
        let types = [whole.type, row.type] + places.map { _ in index.type }
        return value(
            "stablehlo.dynamic_update_slice \(whole.name), \(row.name), \(places.joined(separator: ", ")) : "
                + "(\(types.map { "\($0)" }.joined(separator: ", "))) -> \(whole.type)", whole.type)
    }

    /// The lines as a region of an operation, which ends with values.
    fileprivate func region(_ results: [HLOValue]) -> String {
        let names = results.map(\.name).joined(separator: ", "), types = results.map { "\($0.type)" }
        return (lines + ["stablehlo.return \(names) : \(types.joined(separator: ", "))"]).map { "    \($0)\n" }.joined()
    }
}
