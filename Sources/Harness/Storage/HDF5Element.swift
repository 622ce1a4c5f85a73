internal import CHDF5

/// The number types that datasets are stored as, all little-endian.
package enum HDF5Number: String, Sendable {
    case float32, float64, int64, int32, uint8

    var stored: hid_t {
        switch self {
        case .float32: chdf5_float32_le()
        case .float64: chdf5_float64_le()
        case .int64: chdf5_int64_le()
        case .int32: chdf5_int32_le()
        case .uint8: chdf5_uint8_le()
        }
    }

    var native: hid_t {
        switch self {
        case .float32: chdf5_native_float()
        case .float64: chdf5_native_double()
        case .int64: chdf5_native_int64()
        case .int32: chdf5_native_int32()
        case .uint8: chdf5_native_uint8()
        }
    }
}

/// A Swift number that datasets hold.
package protocol HDF5Element: BitwiseCopyable, Sendable {
    /// The stored type of the number; its size is the Swift type's.
    static var hdf5Number: HDF5Number { get }
}

extension Float: HDF5Element {
    package static var hdf5Number: HDF5Number { .float32 }
}

extension Double: HDF5Element {
    package static var hdf5Number: HDF5Number { .float64 }
}

extension Int64: HDF5Element {
    package static var hdf5Number: HDF5Number { .int64 }
}

extension Int: HDF5Element {
    package static var hdf5Number: HDF5Number { .int64 }
}

extension Int32: HDF5Element {
    package static var hdf5Number: HDF5Number { .int32 }
}

extension UInt8: HDF5Element {
    package static var hdf5Number: HDF5Number { .uint8 }
}

/// Values in row-major order and their shape, as read from a dataset.
package struct HDF5Array<Element: Sendable>: Sendable {
    /// Row-major: the last axis varies fastest.
    package let values: [Element]
    /// One count per axis; empty for a scalar.
    package let shape: [Int]

    package init(values: [Element], shape: [Int]) {
        precondition(values.count == shape.reduce(1, *), "\(values.count) values do not fill the shape \(shape)")
        self.values = values
        self.shape = shape
    }
}

extension HDF5Array: Equatable where Element: Equatable {}
