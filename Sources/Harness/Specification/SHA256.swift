/// The hash SHA-256 (FIPS 180-4, section 6.2) of bytes given in any number of pieces.
package struct SHA256 {
    /// H(0): the first 32 bits of the fractional parts of the square roots of the first eight primes.
    private var state: SIMD8<UInt32> = [
        0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
    ]
    private var pending: [UInt8] = []
    private var length: UInt64 = 0

    private static let blockSize = 64

    package init() {}

    /// The 32 bytes of the hash of `bytes`.
    package static func hash(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        var hash = SHA256()
        hash.update(Array(bytes))
        return hash.finish()
    }

    package mutating func update(_ bytes: [UInt8]) {
        length += UInt64(bytes.count)
        pending += bytes
        let whole = pending.count / Self.blockSize * Self.blockSize
        if whole == 0 { return }
        pending.withUnsafeBytes { buffer in
            for start in stride(from: 0, to: whole, by: Self.blockSize) {
                Self.absorb(UnsafeRawBufferPointer(rebasing: buffer[start..<start + Self.blockSize]), into: &state)
            }
        }
        pending.removeFirst(whole)
    }

    /// Pads with a one, zeros and the length in bits, and gives the hash; the value is spent afterwards.
    package mutating func finish() -> [UInt8] {
        let bits = length * 8
        var padding: [UInt8] = [0x80]
        // Eight bytes of every last block are the length.
        let zeros = (2 * Self.blockSize - 8 - 1 - pending.count) % Self.blockSize
        padding += [UInt8](repeating: 0, count: zeros)
        padding += (0..<8).reversed().map { UInt8(truncatingIfNeeded: bits >> (8 * $0)) }
        update(padding)
        return (0..<8).flatMap { word in (0..<4).reversed().map { UInt8(truncatingIfNeeded: state[word] >> (8 * $0)) } }
    }

    private static func absorb(_ block: UnsafeRawBufferPointer, into state: inout SIMD8<UInt32>) {
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64) { schedule in
            for t in 0..<16 {
                schedule[t] = UInt32(bigEndian: block.loadUnaligned(fromByteOffset: 4 * t, as: UInt32.self))
            }
            for t in 16..<64 {
                let (early, late) = (schedule[t - 15], schedule[t - 2])
                let small0 = rotated(early, 7) ^ rotated(early, 18) ^ (early >> 3)
                let small1 = rotated(late, 17) ^ rotated(late, 19) ^ (late >> 10)
                schedule[t] = small1 &+ schedule[t - 7] &+ small0 &+ schedule[t - 16]
            }
            var (a, b, c, d) = (state[0], state[1], state[2], state[3])
            var (e, f, g, h) = (state[4], state[5], state[6], state[7])
            roundConstants.withUnsafeBufferPointer { constants in
                // After eight rounds every word is in its own place again, so none has to be moved: twice as fast.
                for t in stride(from: 0, to: 64, by: 8) {
                    round(a, b, c, &d, e, f, g, &h, constants[t] &+ schedule[t])
                    round(h, a, b, &c, d, e, f, &g, constants[t + 1] &+ schedule[t + 1])
                    round(g, h, a, &b, c, d, e, &f, constants[t + 2] &+ schedule[t + 2])
                    round(f, g, h, &a, b, c, d, &e, constants[t + 3] &+ schedule[t + 3])
                    round(e, f, g, &h, a, b, c, &d, constants[t + 4] &+ schedule[t + 4])
                    round(d, e, f, &g, h, a, b, &c, constants[t + 5] &+ schedule[t + 5])
                    round(c, d, e, &f, g, h, a, &b, constants[t + 6] &+ schedule[t + 6])
                    round(b, c, d, &e, f, g, h, &a, constants[t + 7] &+ schedule[t + 7])
                }
            }
            state = state &+ SIMD8(a, b, c, d, e, f, g, h)
        }
    }

    /// One round: the last word becomes the first of the next round, and the fourth its fifth.
    @inline(__always)
    private static func round(
        _ a: UInt32, _ b: UInt32, _ c: UInt32, _ d: inout UInt32, _ e: UInt32, _ f: UInt32, _ g: UInt32,
        _ h: inout UInt32, _ word: UInt32
    ) {
        let big1 = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)
        let first = h &+ big1 &+ ((e & f) ^ (~e & g)) &+ word
        let big0 = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)
        d = d &+ first
        h = first &+ big0 &+ ((a & b) ^ (a & c) ^ (b & c))
    }

    @inline(__always)
    private static func rotated(_ word: UInt32, _ count: UInt32) -> UInt32 { word >> count | word << (32 - count) }

    /// K: the first 32 bits of the fractional parts of the cube roots of the first sixty-four primes.
    private static let roundConstants: [UInt32] = [
        0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
        0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
        0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
        0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
        0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
        0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
        0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
        0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
    ]
}
