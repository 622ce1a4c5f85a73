public struct RandomKey: Hashable, Sendable {
    public let bits: UInt64
    public init(seed: UInt64) { bits = seed }
    public func folding(_ name: String) -> RandomKey {
        var h = bits ^ 0xcbf2_9ce4_8422_2325
        for b in name.utf8 { h = (h ^ UInt64(b)) &* 0x100_0000_01b3 }
        return RandomKey(seed: h)
    }
    public func folding(_ n: Int) -> RandomKey { RandomKey(seed: (bits ^ UInt64(bitPattern: Int64(n))) &* 0x9E37_79B9_7F4A_7C15) }
}
