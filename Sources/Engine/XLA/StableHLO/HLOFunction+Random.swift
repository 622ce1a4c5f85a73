import Tensors

/// Random numbers with the bits that the kernels give (`random.h`): Philox4x32-10 and what is made of its words, in the same order of
/// the same roundings.
///
/// A compiler may add a product in one rounding, which the kernels never do here. So the bits of each product that a sum follows are
/// xor-ed with `zero`, whose value only a run knows.
struct RandomNumbers {
    private(set) var function = HLOFunction()
    private let zero: HLOValue
    /// Counters in whole blocks of 16, each of which gives four words.
    private let counters: Int

    /// The parts of a function that draws.
    /// - Parameters:
    ///   - key: two words, the low one first.
    ///   - step: a whole number, as float32.
    ///   - zero: a word that is 0.
    static func function(
        _ distribution: RandomDistribution, count: Int, key: HLOValue, step: HLOValue, zero: HLOValue
    ) -> (HLOFunction, result: HLOValue) {
        var numbers = RandomNumbers(count: count, zero: zero)
        let result = numbers.drawn(distribution, count, key, step)
        return (numbers.function, result)
    }

    private init(count: Int, zero: HLOValue) {
        self.zero = zero
        counters = (count + 63) / 64 * 16
    }

    private var words: HLOType { HLOType(.uint32, [counters]) }
    private var floats: HLOType { HLOType(.float32, [counters]) }

    private mutating func drawn(_ distribution: RandomDistribution, _ count: Int, _ key: HLOValue, _ step: HLOValue)
        -> HLOValue
    {
        if count == 0 { return function.number(0, HLOType(.float32, [0])) }
        let words = philox(key, step)
        let rows =
            switch distribution {
            case .uniform: words.map { unit($0) }
            case .normal: normalPair(words[0], words[1]) + normalPair(words[2], words[3])
            case .integers(let below): words.map { integer($0, below: below) }
            }
        // Of each 16 counters their first numbers, then their second ones, and so on.
        let columns = rows.map { function.reshaped($0, to: [counters / 16, 1, 16]) }
        let all = function.reshaped(function.concatenated(columns, axis: 1), to: [4 * counters])
        return function.slice(all, from: [0], to: [count])
    }

    // MARK: Words

    private mutating func spread(_ scalar: HLOValue) -> HLOValue {
        function.broadcast(scalar, to: [counters], axes: [])
    }

    private mutating func part(_ index: Int, of key: HLOValue) -> HLOValue {
        spread(function.reshaped(function.slice(key, from: [index], to: [index + 1]), to: []))
    }

    /// Four words of each counter.
    private mutating func philox(_ key: HLOValue, _ step: HLOValue) -> [HLOValue] {
        let none = function.whole(0, words)
        var counter = [
            function.value("stablehlo.iota dim = 0 : \(words)", words), none,
            spread(function.converted(step, to: .uint32)), none,
        ]
        var (low, high) = (part(0, of: key), part(1, of: key))
        for round in 0..<10 {
            if round > 0 {
                low = function.apply("add", low, function.whole(0x9E37_79B9, words))
                high = function.apply("add", high, function.whole(0xBB67_AE85, words))
            }
            let first = multiplied(counter[0], 0xD251_1F53), second = multiplied(counter[2], 0xCD9E_8D57)
            counter = [
                function.apply("xor", function.apply("xor", second.high, counter[1]), low), second.low,
                function.apply("xor", function.apply("xor", first.high, counter[3]), high), first.low,
            ]
        }
        return counter
    }

    /// The 64 bits of the product of words and a number.
    private mutating func multiplied(_ x: HLOValue, _ factor: UInt64) -> (high: HLOValue, low: HLOValue) {
        let wide = HLOType(.uint64, [counters])
        let product = function.apply("multiply", function.converted(x, to: .uint64), function.whole(factor, wide))
        let high = function.apply("shift_right_logical", product, function.whole(32, wide))
        return (function.converted(high, to: .uint32), function.converted(product, to: .uint32))
    }

    private mutating func integer(_ word: HLOValue, below: Int) -> HLOValue {
        function.converted(function.bits(multiplied(word, UInt64(below)).high, as: .int32), to: .float32)
    }

    // MARK: Numbers

    /// A product in a rounding of its own.
    private mutating func times(_ a: HLOValue, _ b: HLOValue) -> HLOValue {
        let bits = function.bits(function.apply("multiply", a, b), as: .uint32)
        return function.bits(function.apply("xor", bits, spread(zero)), as: .float32)
    }

    private mutating func times(_ a: HLOValue, _ b: Float) -> HLOValue { times(a, function.number(b, floats)) }
    private mutating func plus(_ a: HLOValue, _ b: HLOValue) -> HLOValue { function.apply("add", a, b) }
    private mutating func plus(_ a: HLOValue, _ b: Float) -> HLOValue { plus(a, function.number(b, floats)) }

    /// The polynomial whose first coefficient is that of the highest power.
    private mutating func polynomial(_ x: HLOValue, _ coefficients: [Float]) -> HLOValue {
        var sum = times(x, coefficients[0])
        for (index, coefficient) in coefficients.dropFirst().enumerated() {
            sum = plus(index == 0 ? sum : times(sum, x), coefficient)
        }
        return sum
    }

    /// (2k + 1) 2⁻²⁴, k the top 23 bits of a word.
    private mutating func unit(_ word: HLOValue) -> HLOValue {
        let top = function.apply("shift_right_logical", word, function.whole(9, words))
        let odd = function.apply(
            "or", function.apply("shift_left", top, function.whole(1, words)), function.whole(1, words))
        return times(function.converted(function.bits(odd, as: .int32), to: .float32), 0x1p-24)
    }

    /// Two standard normal numbers of two words each, by Box and Muller.
    private mutating func normalPair(_ first: HLOValue, _ second: HLOValue) -> [HLOValue] {
        let radius = radius(unit(first)), circle = circle(second)
        return [times(radius, circle.cosine), times(radius, circle.sine)]
    }

    /// √(−2 ln u); the polynomial is the kernel's.
    private mutating func radius(_ u: HLOValue) -> HLOValue {
        let bits = function.bits(u, as: .uint32)
        let above = function.apply("subtract", bits, function.whole(0x3F35_04F3, words))
        let signed = HLOType(.int32, [counters])
        let exponent = function.apply(
            "shift_right_arithmetic", function.bits(above, as: .int32), function.whole(23, signed))
        let scale = function.apply("shift_left", function.bits(exponent, as: .uint32), function.whole(23, words))
        let f = plus(function.bits(function.apply("subtract", bits, scale), as: .float32), -1)
        let p = polynomial(
            f, [0.0891787, -0.14350201, 0.14876962, -0.16565634, 0.19965398, -0.25001746, 0.3333386])
        let mantissa = plus(f, times(plus(times(p, f), -0.5), times(f, f)))
        let logarithm = plus(times(function.converted(exponent, to: .float32), 0x1.62e43p-1), mantissa)
        return function.apply("sqrt", times(logarithm, -2))
    }

    /// Cosine and sine of a word's part of a whole turn; the polynomials are the kernel's.
    private mutating func circle(_ word: HLOValue) -> (cosine: HLOValue, sine: HLOValue) {
        let quadrant = function.apply(
            "shift_right_logical", function.apply("add", word, function.whole(0x2000_0000, words)),
            function.whole(30, words))
        let rest = function.apply(
            "subtract", word, function.apply("shift_left", quadrant, function.whole(30, words)))
        let x = times(function.converted(function.bits(rest, as: .int32), to: .float32), 0x1.921fb6p-30)
        let y = times(x, x)
        let s = plus(x, times(times(polynomial(y, [-0.000195173, 0.008332178, -0.16666655]), y), x))
        let quartic = times(times(polynomial(y, [2.4438452e-05, -0.0013887368, 0.041666646]), y), y)
        let half = function.apply("subtract", function.number(1, floats), times(y, 0.5))
        let c = plus(quartic, half)
        let one = function.whole(1, words), two = function.whole(2, words)
        let isSwapped = function.compared(function.apply("and", quadrant, one), "EQ", one)
        let flip = function.apply("and", function.apply("add", quadrant, one), two)
        return (
            signed(function.select(isSwapped, s, c), by: flip),
            signed(function.select(isSwapped, c, s), by: function.apply("and", quadrant, two))
        )
    }

    /// Negated where a word is 2, as it is where that is 0.
    private mutating func signed(_ x: HLOValue, by word: HLOValue) -> HLOValue {
        let bit = function.apply("shift_left", word, function.whole(30, words))
        return function.bits(function.apply("xor", function.bits(x, as: .uint32), bit), as: .float32)
    }
}
