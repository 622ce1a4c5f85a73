/// 128 bits that tell contents apart: FNV-1a, in its form of 128 bits, of each part's length and bytes. It keeps no one from making two
/// contents alike on purpose.
struct Fingerprint: CustomStringConvertible {
    // Offset basis and prime of the 128-bit form.
    private var hash = UInt128(0x6c62_272e_07bb_0142) << 64 | UInt128(0x62b8_2175_6295_c58d)
    private static let prime = UInt128(1) << 88 | UInt128(0x13b)

    init() {}

    init(of bytes: [UInt8]) { combine(bytes) }

    mutating func combine(_ bytes: [UInt8]) {
        withUnsafeBytes(of: UInt64(bytes.count).littleEndian) { add($0) }
        bytes.withUnsafeBytes { add($0) }
    }

    private mutating func add(_ bytes: UnsafeRawBufferPointer) {
        var hash = hash
        for byte in bytes { hash = (hash ^ UInt128(byte)) &* Self.prime }
        self.hash = hash
    }

    var bytes: [UInt8] { withUnsafeBytes(of: hash.bigEndian) { Array($0) } }

    /// 32 hexadecimal digits.
    var description: String {
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 32 - digits.count) + digits
    }
}
