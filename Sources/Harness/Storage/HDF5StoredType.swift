internal import CHDF5

/// The types of stored values, as far as this library distinguishes them.
package enum HDF5StoredType: Equatable, CustomStringConvertible {
    case float(bytes: Int)
    case signed(bytes: Int)
    case unsigned(bytes: Int)
    /// The 8-bit enumeration of FALSE and TRUE.
    case boolean
    case string
    case other

    init(_ type: hid_t) {
        let bytes = H5Tget_size(type)
        switch H5Tget_class(type) {
        case H5T_FLOAT: self = .float(bytes: bytes)
        case H5T_INTEGER: self = H5Tget_sign(type) == H5T_SGN_NONE ? .unsigned(bytes: bytes) : .signed(bytes: bytes)
        case H5T_STRING: self = .string
        case H5T_ENUM where bytes == 1 && H5Tget_nmembers(type) == 2 && H5Tget_member_index(type, "FALSE") >= 0:
            self = .boolean
        default: self = .other
        }
    }

    /// Every value of this type is a value of `number`, so that reading it as one changes nothing.
    func widens(to number: HDF5Number) -> Bool {
        switch (self, number) {
        case (.float(let bytes), .float32): bytes <= 4
        case (.float(let bytes), .float64): bytes <= 8
        case (.signed(let bytes), .int32): bytes <= 4
        case (.signed(let bytes), .int64): bytes <= 8
        case (.unsigned(let bytes), .uint8): bytes == 1
        case (.unsigned(let bytes), .int32): bytes < 4
        case (.unsigned(let bytes), .int64): bytes < 8
        default: false
        }
    }

    package var description: String {
        switch self {
        case .float(let bytes): "float\(8 * bytes)"
        case .signed(let bytes): "int\(8 * bytes)"
        case .unsigned(let bytes): "uint\(8 * bytes)"
        case .boolean: "boolean"
        case .string: "string"
        case .other: "a type that is neither number, boolean nor string"
        }
    }
}

/// Names that HDF5 gives in two calls: their length, then their characters.
enum HDF5Names {
    static func read(
        at place: HDF5Place, _ operation: String, _ get: (UnsafeMutablePointer<CChar>?, Int) -> Int
    ) throws -> String {
        let length = try place.check(get(nil, 0), operation)
        var characters = [CChar](repeating: 0, count: length + 1)
        try place.check(get(&characters, characters.count), operation)
        return String(decoding: characters.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
