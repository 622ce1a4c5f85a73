/// The type of a value in a module's text: elements and extents.
struct HLOType: Hashable, CustomStringConvertible {
    /// Numbers that elements are; `truth` is one bit.
    enum Element: String, Hashable {
        case float32 = "f32"
        case bfloat16 = "bf16"
        case int32 = "i32"
        case uint32 = "ui32"
        case uint64 = "ui64"
        case truth = "i1"
    }

    var element: Element
    var dimensions: [Int]

    init(_ element: Element, _ dimensions: [Int] = []) {
        (self.element, self.dimensions) = (element, dimensions)
    }

    /// "tensor<3x5xf32>".
    var description: String { "tensor<\(dimensions.map { "\($0)x" }.joined())\(element.rawValue)>" }

    /// The same extents, of other elements.
    func of(_ element: Element) -> HLOType { HLOType(element, dimensions) }

    /// The same elements in other extents.
    func shaped(_ dimensions: [Int]) -> HLOType { HLOType(element, dimensions) }
}

/// A value in a function's text: its name and its type.
struct HLOValue: Hashable {
    let name: String
    let type: HLOType
}
