/// The numbers that arrays in files are made of.
package enum ArrayElement: String, Hashable, Sendable, CaseIterable {
    case bool, uint8, uint16, uint32, uint64, int8, int16, int32, int64, float16, bfloat16, float32, float64

    /// Bytes of one.
    package var size: Int {
        switch self {
        case .bool, .uint8, .int8: 1
        case .uint16, .int16, .float16, .bfloat16: 2
        case .uint32, .int32, .float32: 4
        case .uint64, .int64, .float64: 8
        }
    }

    package var isFloat: Bool {
        switch self {
        case .float16, .bfloat16, .float32, .float64: true
        case .bool, .uint8, .uint16, .uint32, .uint64, .int8, .int16, .int32, .int64: false
        }
    }
}

/// Numbers as they lie in a file, one after the other.
package struct PackedNumbers {
    package let element: ArrayElement
    package let isBigEndian: Bool

    package init(_ element: ArrayElement, isBigEndian: Bool = false) {
        (self.element, self.isBigEndian) = (element, isBigEndian)
    }

    /// The numbers in float32, rounded to the nearest where they were longer.
    package func floats(_ bytes: UnsafeRawBufferPointer) -> [Float] {
        switch element {
        case .bool, .uint8: bytes.map { Float($0) }
        case .int8: words(bytes, UInt8.self) { Float(Int8(bitPattern: $0)) }
        case .uint16: words(bytes, UInt16.self) { Float($0) }
        case .int16: words(bytes, UInt16.self) { Float(Int16(bitPattern: $0)) }
        case .uint32: words(bytes, UInt32.self) { Float($0) }
        case .int32: words(bytes, UInt32.self) { Float(Int32(bitPattern: $0)) }
        case .uint64: words(bytes, UInt64.self) { Float($0) }
        case .int64: words(bytes, UInt64.self) { Float(Int64(bitPattern: $0)) }
        case .float16: words(bytes, UInt16.self) { Self.half($0) }
        case .bfloat16: words(bytes, UInt16.self) { Float(bitPattern: UInt32($0) << 16) }
        case .float32: words(bytes, UInt32.self) { Float(bitPattern: $0) }
        case .float64: words(bytes, UInt64.self) { Float(Double(bitPattern: $0)) }
        }
    }

    /// The numbers as doubles, which hold each exactly but for integers above 2⁵³.
    package func doubles(_ bytes: UnsafeRawBufferPointer) -> [Double] {
        switch element {
        case .uint32: words(bytes, UInt32.self) { Double($0) }
        case .int32: words(bytes, UInt32.self) { Double(Int32(bitPattern: $0)) }
        case .uint64: words(bytes, UInt64.self) { Double($0) }
        case .int64: words(bytes, UInt64.self) { Double(Int64(bitPattern: $0)) }
        case .float64: words(bytes, UInt64.self) { Double(bitPattern: $0) }
        // The rest fits float32.
        case .bool, .uint8, .int8, .uint16, .int16, .float16, .bfloat16, .float32: floats(bytes).map(Double.init)
        }
    }

    private func words<Word: FixedWidthInteger, Number>(
        _ bytes: UnsafeRawBufferPointer, _ type: Word.Type, _ convert: (Word) -> Number
    ) -> [Number] {
        let count = bytes.count / MemoryLayout<Word>.size
        return [Number](unsafeUninitializedCapacity: count) { numbers, initialized in
            for index in 0..<count {
                let word = bytes.loadUnaligned(fromByteOffset: index * MemoryLayout<Word>.size, as: Word.self)
                numbers.initializeElement(
                    at: index, to: convert(isBigEndian ? Word(bigEndian: word) : Word(littleEndian: word)))
            }
            initialized = count
        }
    }

    /// The number that 16 bits of IEEE's binary16 stand for; by hand, as not every processor's Swift has a type for it.
    package static func half(_ bits: UInt16) -> Float {
        let exponent = Int(bits >> 10 & 0x1f), fraction = Float(bits & 0x3ff)
        let magnitude: Float =
            switch exponent {
            case 0: fraction * 0x1p-24
            case 31: fraction == 0 ? .infinity : .nan
            default: (1024 + fraction) * Float(sign: .plus, exponent: exponent - 25, significand: 1)
            }
        return bits >> 15 == 1 ? -magnitude : magnitude
    }
}
