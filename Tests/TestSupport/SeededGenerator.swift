/// Random numbers that a seed decides: SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014).
public struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    /// The generator of a seed.
    public init(seed: Int) { state = UInt64(bitPattern: Int64(seed)) }

    /// The next 64 random bits.
    public mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mix = state
        mix = (mix ^ (mix >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mix = (mix ^ (mix >> 27)) &* 0x94d0_49bb_1331_11eb
        return mix ^ (mix >> 31)
    }

    /// A whole number 0 ..< count.
    public mutating func below(_ count: Int) -> Int { Int.random(in: 0..<count, using: &self) }

    /// True with a probability of `chances` in `of`.
    public mutating func happens(_ chances: Int, of count: Int) -> Bool { below(count) < chances }
}
