import CKernels
import CPU
import Tensors
import TestSupport
import Testing

@Suite("Random keys")
struct RandomKeyTests {
    /// Four standard errors of a mean of `count` numbers of the given standard deviation: with fixed keys the outcome
    /// is fixed, and a fault of this size is far beyond chance.
    private func fourErrors(_ deviation: Double, _ count: Int) -> Double { 4 * deviation / Double(count).squareRoot() }

    @Test("Philox4x32-10 gives the published known answers")
    func knownAnswers() {
        let cases: [(counter: [UInt32], key: [UInt32], answer: [UInt32])] = [
            ([0, 0, 0, 0], [0, 0], [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
            (
                [UInt32](repeating: .max, count: 4), [.max, .max],
                [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
            ),
            (
                [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], [0xa409_3822, 0x299f_31d0],
                [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
            ),
        ]
        for (counter, key, answer) in cases {
            var words = [UInt32](repeating: 0, count: 4)
            ablate_philox4x32_10(counter, key, &words)
            #expect(mismatch(words, answer) == nil)
        }
    }

    @Test("every instruction set lays the plain generator's words out in the documented order")
    func layout() {
        let (key, step, count): (UInt64, UInt32, Int) = (0x299f_31d0_a409_3822, 9, 213)
        let expected = (0..<count).map { element in
            let index = UInt32(16 * (element / 64) + element % 16)
            var words = [UInt32](repeating: 0, count: 4)
            ablate_philox4x32_10([index, 0, step, 0], [UInt32(truncatingIfNeeded: key), UInt32(key >> 32)], &words)
            return words[(element % 64) / 16]
        }
        for set in 0..<ablate_instruction_set_count() {
            var words = [UInt32](repeating: 0, count: count)
            ablate_random_fill_on(set, ablate_random_law_words, &words, count, key, step, 0)
            #expect(mismatch(words, expected) == nil, "set \(set)")
        }
    }

    @Test("all instruction sets give the same bits for every distribution", arguments: [0, 1, 2, 3] as [UInt32])
    func everySet(distribution: UInt32) {
        let count = 64 * 400 + 5
        func draw(_ set: Int32) -> [UInt32] {
            var bits = [UInt32](repeating: 0, count: count)
            ablate_random_fill_on(set, ablate_random_law(distribution), &bits, count, 0x1234_5678_9abc_def0, 77, 1000)
            return bits
        }
        let portable = draw(0)
        #expect(Set(portable).count > 900)
        for set in 0..<ablate_instruction_set_count() {
            #expect(mismatch(draw(set), portable) == nil, "set \(set)")
        }
    }

    @Test("no draw writes past its end", arguments: [0, 1, 15, 16, 63, 64, 65, 127, 130])
    func tails(count: Int) {
        for set in 0..<ablate_instruction_set_count() {
            var bits = [UInt32](repeating: 0xdead_beef, count: 200)
            ablate_random_fill_on(set, ablate_random_law_normal, &bits, count, 5, 0, 0)
            #expect(bits[count...].allSatisfy { $0 == 0xdead_beef })
            #expect(bits[..<count].allSatisfy { $0 != 0xdead_beef })
        }
    }

    // Keys, uniform numbers, whole numbers and the permutation agree with a second implementation of the definitions;
    // the normal numbers agree with it to three units in the last place.
    @Test("first values are the ones recorded")
    func golden() {
        let key = RandomKey(seed: 2025)
        #expect(key.bits == 0x07c7_f83e_c9f8_c337)
        #expect(key.folding("noise").bits == 0xf0dd_63c2_c881_0ab9)
        #expect(key.folding(3).bits == 0xf01a_1f00_9581_9e8e)
        #expect(key.uniform(count: 3).map(\.bitPattern) == [0x3d9d_d248, 0x3f19_ac8b, 0x3f1a_cbaf])
        #expect(key.normal(count: 3, step: 1).map(\.bitPattern) == [0xbcb7_37f7, 0xbf71_1b0f, 0xbf7c_843b])
        #expect(key.normal(count: 40, step: 1).suffix(2).map(\.bitPattern) == [0xbf85_e097, 0xbe49_40c7])
        #expect(key.integers(count: 8, below: 10) == [0, 6, 6, 1, 0, 5, 2, 9])
        #expect(key.permutation(of: 8) == [5, 2, 6, 4, 0, 3, 1, 7])
    }

    @Test("an element does not depend on how many are drawn")
    func prefix() {
        let key = RandomKey(seed: 1).folding("prefix")
        let (uniform, normal) = (key.uniform(count: 300, step: 4), key.normal(count: 300, step: 4))
        for count in [0, 1, 17, 64, 100, 299] {
            #expect(mismatch(key.uniform(count: count, step: 4), Array(uniform[..<count])) == nil)
            #expect(mismatch(key.normal(count: count, step: 4), Array(normal[..<count])) == nil)
        }
    }

    @Test("uniform numbers lie inside (0, 1) and have its moments")
    func uniformMoments() {
        let count = 200_000
        let draw = RandomKey(seed: 3).uniform(count: count).map(Double.init)
        #expect(draw.allSatisfy { $0 > 0 && $0 < 1 })
        let mean = draw.reduce(0, +) / Double(count)
        let square = draw.reduce(0) { $0 + $1 * $1 } / Double(count)
        #expect(abs(mean - 1 / 2) < fourErrors((1.0 / 12).squareRoot(), count))
        #expect(abs(square - 1 / 3.0) < fourErrors((4.0 / 45).squareRoot(), count))
    }

    @Test("normal numbers have the moments 0, 1, 0 and 3")
    func normalMoments() {
        let count = 64 * 4000
        let draw = RandomKey(seed: 4).normal(count: count).map(Double.init)
        func moment(_ power: (Double) -> Double) -> Double { draw.reduce(0) { $0 + power($1) } / Double(count) }
        // The standard deviations of x, x², x³ and x⁴ under the normal law are 1, √2, √15 and √96.
        #expect(abs(moment { $0 }) < fourErrors(1, count))
        #expect(abs(moment { $0 * $0 } - 1) < fourErrors(2.0.squareRoot(), count))
        #expect(abs(moment { $0 * $0 * $0 }) < fourErrors(15.0.squareRoot(), count))
        #expect(abs(moment { $0 * $0 * $0 * $0 } - 3) < fourErrors(96.0.squareRoot(), count))
    }

    @Test("normal numbers follow the normal distribution function")
    func normalDistribution() {
        let count = 64 * 2000
        let draw = RandomKey(seed: 5).normal(count: count).map(Double.init)
        // Known values of the standard normal distribution function.
        for (bound, probability) in [(-2.0, 0.022_750_13), (-1, 0.158_655_25), (0, 0.5), (0.5, 0.691_462_46)] {
            let share = Double(draw.count { $0 < bound }) / Double(count)
            #expect(abs(share - probability) < fourErrors((probability * (1 - probability)).squareRoot(), count))
        }
    }

    @Test("streams of different names, numbers and steps are uncorrelated")
    func independence() {
        let (key, count) = (RandomKey(seed: 6), 20_000)
        let reference = key.folding("a").normal(count: count)
        let others = [
            key.folding("b").normal(count: count), key.folding("a").normal(count: count, step: 1),
            key.folding("a").folding(0).normal(count: count), key.normal(count: count),
            RandomKey(seed: 7).folding("a").normal(count: count),
        ]
        for other in others {
            let correlation = zip(reference, other).reduce(0.0) { $0 + Double($1.0) * Double($1.1) } / Double(count)
            #expect(abs(correlation) < fourErrors(1, count))
        }
    }

    @Test("foldings are distinct, depend on their order, and keep names apart from numbers")
    func foldings() {
        let key = RandomKey(seed: 8)
        #expect(key.folding("a").folding("b") != key.folding("b").folding("a"))
        #expect(key.folding("ab") != key.folding("a").folding("b"))
        #expect(key.folding("1") != key.folding(1))
        #expect(key.folding("") != key)
        let many = (-1000..<1000).map { key.folding($0) } + (0..<2000).map { key.folding("name \($0)") }
        #expect(Set(many).count == 4000)
    }

    @Test("one flipped bit of the seed or the number flips about half of the key's bits")
    func avalanche() {
        let key = RandomKey(seed: 9)
        var (seedFlips, numberFlips) = (0, 0)
        for bit in 0..<64 {
            seedFlips += (RandomKey(seed: 1 << bit).bits ^ RandomKey(seed: 0).bits).nonzeroBitCount
            numberFlips += (key.folding(1 << bit).bits ^ key.folding(0).bits).nonzeroBitCount
        }
        // Half of 64 · 64 coin flips, within four standard deviations of √(64 · 64 / 4) = 32.
        #expect(abs(seedFlips - 2048) < 128)
        #expect(abs(numberFlips - 2048) < 128)
    }

    @Test("whole numbers cover their range evenly and agree with the kernel's")
    func wholeNumbers() {
        let (key, count, below) = (RandomKey(seed: 10), 100_000, 10)
        let draw = key.integers(count: count, below: below, step: 2)
        for value in 0..<below {
            let share = Double(draw.count { $0 == value }) / Double(count)
            #expect(abs(share - 0.1) < fourErrors(0.3, count))
        }
        var kernel = [Float](repeating: -1, count: count)
        ablate_random_integers(&kernel, count, key.bits, 2, UInt32(below))
        #expect(mismatch(kernel.map { Int($0) }, draw) == nil)
    }

    @Test("a permutation holds every place once, and each place is equally likely to come first")
    func permutations() {
        let key = RandomKey(seed: 11)
        #expect(key.permutation(of: 0) == [])
        #expect(key.permutation(of: 1) == [0])
        #expect(mismatch(key.permutation(of: 1000).sorted(), Array(0..<1000)) == nil)
        #expect(mismatch(key.permutation(of: 1000), key.permutation(of: 1000, step: 1)) != nil)
        let firsts = (0..<6000).map { key.permutation(of: 6, step: UInt32($0))[0] }
        for place in 0..<6 {
            let share = Double(firsts.count { $0 == place }) / 6000
            #expect(abs(share - 1 / 6.0) < fourErrors((5.0 / 36).squareRoot(), 6000))
        }
    }
}
