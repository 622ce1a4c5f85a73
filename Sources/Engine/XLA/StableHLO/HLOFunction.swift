/// The body of one function of a module, grown line by line; each line makes one value of a new name. A line that is there already is
/// not written again.
struct HLOFunction {
    private(set) var lines: [String] = []
    private var known: [String: HLOValue] = [:]
    /// Pairs of values behind a barrier, by the barrier's text.
    private var barriers: [String: [HLOValue]] = [:]
    /// Before the numbers of names, where one body lies within another.
    private let prefix: String

    init(prefix: String = "") { self.prefix = prefix }

    /// The value of an operation.
    /// - Parameter operation: its text without the name that it gets, "stablehlo.add %0, %1 : tensor<f32>".
    mutating func value(_ operation: String, _ type: HLOType) -> HLOValue {
        if let same = known[operation] { return same }
        let value = HLOValue(name: "%\(prefix)\(lines.count)", type: type)
        lines.append("\(value.name) = \(operation)")
        known[operation] = value
        return value
    }

    /// The values of an operation that has several, of which each is "%7#0".
    mutating func values(_ operation: String, _ types: [HLOType]) -> [HLOValue] {
        let name = "%\(prefix)\(lines.count)"
        if types.isEmpty {
            lines.append(operation)
            return []
        }
        lines.append("\(name)\(types.count == 1 ? "" : ":\(types.count)") = \(operation)")
        return types.enumerated().map { HLOValue(name: types.count == 1 ? name : "\(name)#\($0)", type: $1) }
    }

    /// A value that is handed on once another is there too. Of two that wait for each other both come from one barrier: XLA takes away what
    /// nobody reads of it.
    mutating func after(_ a: HLOValue, _ b: HLOValue) -> HLOValue {
        if a.name == b.name { return a }
        let pair = a.name < b.name ? [a, b] : [b, a]
        let names = pair.map(\.name).joined(separator: ", "), types = pair.map { "\($0.type)" }.joined(separator: ", ")
        let text = "stablehlo.optimization_barrier \(names) : \(types)"
        let both = barriers[text] ?? values(text, pair.map(\.type))
        barriers[text] = both
        return both[a.name < b.name ? 0 : 1]
    }

    /// The function's text. All but `main` are private to the module.
    /// - Parameter donated: how many arguments are given away, each to the result of its number: that lies where they did.
    func text(name: String, arguments: [HLOValue], donated: Int = 0, results: [HLOValue]) -> String {
        let given = arguments.enumerated().map { index, argument in
            "\(argument.name): \(argument.type)" + (index < donated ? " {tf.aliasing_output = \(index) : i32}" : "")
        }
        let types = results.map { "\($0.type)" }.joined(separator: ", ")
        let names = results.map(\.name).joined(separator: ", ")
        return """
            func.func \(name == "main" ? "" : "private ")@\(name)(\(given.joined(separator: ", "))) -> (\(types)) {
            \(lines.map { "  \($0)\n" }.joined())  return \(names)\(results.isEmpty ? "" : " : \(types)")
            }

            """
    }
}

/// Operations with operands of one type, and the type of the value.
extension HLOFunction {
    /// An operation whose operands and value have one type.
    mutating func apply(_ name: String, _ operands: HLOValue...) -> HLOValue {
        value(
            "stablehlo.\(name) \(operands.map(\.name).joined(separator: ", ")) : \(operands[0].type)", operands[0].type)
    }

    /// A number in every element.
    mutating func number(_ number: Float, _ type: HLOType = HLOType(.float32)) -> HLOValue {
        constant("0x" + Self.hexadecimal(number.bitPattern), type)
    }

    /// A whole number in every element.
    mutating func whole(_ number: UInt64, _ type: HLOType) -> HLOValue { constant("\(number)", type) }

    /// A constant by its text.
    mutating func constant(_ text: String, _ type: HLOType) -> HLOValue {
        value("stablehlo.constant dense<\(text)> : \(type)", type)
    }

    /// Numbers in the text of the module, the last axis fastest.
    mutating func numbers(_ numbers: [Float], _ type: HLOType) -> HLOValue {
        if numbers.isEmpty { return constant("", type) }
        let bytes = numbers.map { Self.hexadecimal($0.bitPattern.byteSwapped) }.joined()
        return constant("\"0x\(bytes)\"", type)
    }

    private static func hexadecimal(_ bits: UInt32) -> String {
        let digits = String(bits, radix: 16, uppercase: true)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }

    mutating func converted(_ x: HLOValue, to element: HLOType.Element) -> HLOValue {
        x.type.element == element ? x : changed("convert", x, x.type.of(element))
    }

    /// The same bits as another type of as many.
    mutating func bits(_ x: HLOValue, as element: HLOType.Element) -> HLOValue {
        changed("bitcast_convert", x, x.type.of(element))
    }

    mutating func reshaped(_ x: HLOValue, to dimensions: [Int]) -> HLOValue {
        x.type.dimensions == dimensions ? x : changed("reshape", x, x.type.shaped(dimensions))
    }

    /// Axis i of x is axis `axes[i]` of the value; extents of 1 are repeated.
    mutating func broadcast(_ x: HLOValue, to dimensions: [Int], axes: [Int]) -> HLOValue {
        if x.type.dimensions == dimensions { return x }
        return changed("broadcast_in_dim", x, x.type.shaped(dimensions), ", dims = \(axes)")
    }

    /// The elements of x at positions from `start` to before `end` along each axis.
    mutating func slice(_ x: HLOValue, from start: [Int], to end: [Int]) -> HLOValue {
        let ranges = zip(start, end).map { "\($0):\($1)" }.joined(separator: ", ")
        return changed("slice", x, x.type.shaped(zip(end, start).map { $0 - $1 }), " [\(ranges)]")
    }

    mutating func concatenated(_ parts: [HLOValue], axis: Int) -> HLOValue {
        if parts.count == 1 { return parts[0] }
        var dimensions = parts[0].type.dimensions
        dimensions[axis] = parts.reduce(0) { $0 + $1.type.dimensions[axis] }
        let type = parts[0].type.shaped(dimensions)
        return value(
            "stablehlo.concatenate \(parts.map(\.name).joined(separator: ", ")), dim = \(axis) : "
                + "(\(parts.map { "\($0.type)" }.joined(separator: ", "))) -> \(type)", type)
    }

    /// Whether each element of a stands in a relation ("GT", "EQ", …) to that of b.
    mutating func compared(_ a: HLOValue, _ relation: String, _ b: HLOValue) -> HLOValue {
        let kind =
            switch a.type.element {
            case .float32, .bfloat16: "FLOAT"
            case .int32: "SIGNED"
            case .uint32, .uint64, .truth: "UNSIGNED"
            }
        let type = a.type.of(.truth)
        return value(
            "stablehlo.compare \(relation), \(a.name), \(b.name), \(kind) : (\(a.type), \(b.type)) -> \(type)", type)
    }

    /// a where the condition holds, else b.
    mutating func select(_ condition: HLOValue, _ a: HLOValue, _ b: HLOValue) -> HLOValue {
        value(
            "stablehlo.select \(condition.name), \(a.name), \(b.name) : \(condition.type), \(a.type)", a.type)
    }

    /// An operation of one operand whose value has another type.
    mutating func changed(_ name: String, _ x: HLOValue, _ type: HLOType, _ settings: String = "") -> HLOValue {
        value("stablehlo.\(name) \(x.name)\(settings) : (\(x.type)) -> \(type)", type)
    }
}
