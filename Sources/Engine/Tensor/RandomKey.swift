import CKernels

/// The name of a stream of random numbers, split by words and by numbers.
///
/// A draw is a function of the key, the step and the element's place alone (Philox4x32-10, see `random.h`), so two
/// consumers with different names never shift each other's numbers, a longer draw begins with the shorter one, and
/// every machine gives the same bits.
///
///     let noise = RandomKey(seed: 7).folding("noise").normal(count: 64, step: 12)
public struct RandomKey: Sendable, Hashable {
    /// The 64 bits that key the generator.
    public let bits: UInt64

    /// The root key of a seed; neighbouring seeds give unrelated keys.
    public init(seed: UInt64) {
        bits = Self.mixed(seed)
    }

    private init(bits: UInt64) {
        self.bits = bits
    }

    /// The key of a named part of this one's work.
    ///
    /// The order of foldings counts: `folding("a").folding("b")` is not `folding("b").folding("a")`.
    public func folding(_ name: String) -> RandomKey {
        // FNV-1a over the UTF-8 bytes: offset basis and prime of its 64-bit form.
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in name.utf8 {
            hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
        }
        return RandomKey(bits: Self.mixed(Self.mixed(bits) ^ hash))
    }

    /// The key of a numbered part of this one's work.
    public func folding(_ number: Int) -> RandomKey {
        // The complement keeps numbers apart from names: a number's key is never made from the same left operand.
        RandomKey(bits: Self.mixed(Self.mixed(~bits) ^ UInt64(bitPattern: Int64(number))))
    }

    /// SplitMix64's step: the golden-ratio increment and its finaliser, a bijection in which each bit of the input
    /// flips about half of the output (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014).
    private static func mixed(_ value: UInt64) -> UInt64 {
        var mix = value &+ 0x9e37_79b9_7f4a_7c15
        mix = (mix ^ (mix >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mix = (mix ^ (mix >> 27)) &* 0x94d0_49bb_1331_11eb
        return mix ^ (mix >> 31)
    }
}

extension RandomKey {
    /// Uniform numbers in the open interval (0, 1), odd multiples of 2⁻²⁴.
    public func uniform(count: Int, step: UInt32 = 0) -> [Float] {
        drawn(count) { ablate_random_uniform($0, count, bits, step) }
    }

    /// Standard normal numbers.
    public func normal(count: Int, step: UInt32 = 0) -> [Float] {
        drawn(count) { ablate_random_normal($0, count, bits, step) }
    }

    /// Whole numbers 0 ..< below; `below` is 1 to 2³² - 1.
    public func integers(count: Int, below: Int, step: UInt32 = 0) -> [Int] {
        precondition(
            below > 0 && below <= UInt32.max, "integers below \(below): the bound must be in 1...\(UInt32.max)")
        return words(count: count, step: step).map { Self.scaled($0, below: below) }
    }

    /// A shuffle of 0 ..< count (Fisher–Yates from the end).
    public func permutation(of count: Int, step: UInt32 = 0) -> [Int] {
        precondition(count <= UInt32.max, "a permutation of \(count) elements: at most \(UInt32.max)")
        let words = words(count: count, step: step)
        var order = Array(0..<max(count, 0))
        for last in stride(from: count - 1, to: 0, by: -1) {
            order.swapAt(last, Self.scaled(words[last], below: last + 1))
        }
        return order
    }

    /// The stream's words as they are.
    func words(count: Int, step: UInt32) -> [UInt32] {
        drawn(count) { ablate_random_words($0, count, bits, step) }
    }

    /// floor(word · below / 2³²), the same whole number as the C kernel's.
    private static func scaled(_ word: UInt32, below: Int) -> Int {
        Int(word.multipliedFullWidth(by: UInt32(below)).high)
    }

    private func drawn<Element>(_ count: Int, _ fill: (UnsafeMutablePointer<Element>) -> Void) -> [Element] {
        precondition(count >= 0, "a draw of \(count) elements")
        return Array(unsafeUninitializedCapacity: count) { buffer, initializedCount in
            if let start = buffer.baseAddress { fill(start) }
            initializedCount = count
        }
    }
}
