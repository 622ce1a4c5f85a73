/// The value of an attribute.
package enum HDF5Attribute: Equatable, Sendable {
    /// UTF-8 of variable length.
    case string(String)
    /// Stored with 64 bits.
    case double(Double)
    /// Stored with 64 bits.
    case integer(Int)
    /// Stored as h5py does: 8 bits that are named FALSE and TRUE.
    case boolean(Bool)
    case strings([String])
    case floats([Float])
    case doubles([Double])
    case integers([Int])

    /// The number of bytes that the values take.
    var byteCount: Int {
        switch self {
        case .string(let string): string.utf8.count
        case .double, .integer: 8
        case .boolean: 1
        case .strings(let strings): strings.reduce(0) { $0 + $1.utf8.count }
        case .floats(let values): 4 * values.count
        case .doubles(let values): 8 * values.count
        case .integers(let values): 8 * values.count
        }
    }
}

/// A Swift value that an attribute holds.
package protocol HDF5AttributeValue {
    var hdf5Attribute: HDF5Attribute { get }
}

/// A Swift value whose arrays an attribute holds.
package protocol HDF5AttributeElement {
    /// The attribute of one axis with `values`.
    static func hdf5Attribute(of values: [Self]) -> HDF5Attribute
}

extension HDF5Attribute: HDF5AttributeValue {
    package var hdf5Attribute: HDF5Attribute { self }
}

extension String: HDF5AttributeValue, HDF5AttributeElement {
    package var hdf5Attribute: HDF5Attribute { .string(self) }
    package static func hdf5Attribute(of values: [String]) -> HDF5Attribute { .strings(values) }
}

extension Double: HDF5AttributeValue, HDF5AttributeElement {
    package var hdf5Attribute: HDF5Attribute { .double(self) }
    package static func hdf5Attribute(of values: [Double]) -> HDF5Attribute { .doubles(values) }
}

extension Float: HDF5AttributeValue, HDF5AttributeElement {
    package var hdf5Attribute: HDF5Attribute { .double(Double(self)) }
    package static func hdf5Attribute(of values: [Float]) -> HDF5Attribute { .floats(values) }
}

extension Int: HDF5AttributeValue, HDF5AttributeElement {
    package var hdf5Attribute: HDF5Attribute { .integer(self) }
    package static func hdf5Attribute(of values: [Int]) -> HDF5Attribute { .integers(values) }
}

extension Bool: HDF5AttributeValue {
    package var hdf5Attribute: HDF5Attribute { .boolean(self) }
}

extension Array: HDF5AttributeValue where Element: HDF5AttributeElement {
    package var hdf5Attribute: HDF5Attribute { Element.hdf5Attribute(of: self) }
}
