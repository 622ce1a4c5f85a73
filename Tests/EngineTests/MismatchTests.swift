import TestSupport
import Testing

@Suite("A failing comparison of arrays is told in one line")
struct MismatchTests {
    @Test("equal numbers have no mismatch, of any kind and in any lists")
    func equal() {
        #expect(mismatch([1, 2] as [Float], [1, 2]) == nil)
        #expect(mismatch([1, 2, 3][1...], [2, 3]) == nil)
        #expect(mismatch([[1.5], [], [2, 3]], [[1.5], [], [2, 3]]) == nil)
        #expect(mismatch([Double](), []) == nil)
        #expect(mismatch([-0.0, Double.infinity], [0, Double.infinity]) == nil)
        #expect(mismatch([UInt32.max], [UInt32.max]) == nil)
    }

    @Test("the first that differs is told with both values, then the largest difference and how many differ")
    func differing() {
        #expect(
            mismatch([1, 2.5, 3, 8, 5], [1, 2, 3, 4, 5])
                == "at 1 of 5: 2.5, expected 2.0; largest relative difference 0.8 at 3; 2 differ")
        // Relative to 1 where all that is expected is smaller.
        #expect(
            mismatch([0.25, 0.5] as [Float], [0.25, 0.375])
                == "at 1 of 2: 0.5, expected 0.375; largest relative difference 0.125 at 1; 1 differ")
        #expect(mismatch([7], [6]) == "at 0 of 1: 7, expected 6; largest relative difference 0.167 at 0; 1 differ")
    }

    @Test("lists of lists are told by the list and the place in it")
    func nested() {
        #expect(
            mismatch([[1, 2], [3, 4, 6]], [[1, 2], [3, 4, 5]])
                == "at 1[2] of 5: 6, expected 5; largest relative difference 0.2 at 1[2]; 1 differ")
    }

    @Test("another count is told, and compares nothing")
    func counts() {
        #expect(mismatch([1.0, 2], [1]) == "2 numbers, expected 1 number")
        #expect(
            mismatch([[1.0, 2], [3]], [[1], [2, 3]]) == "lists of [2, 1] numbers, expected lists of [1, 2] numbers")
        #expect(mismatch([[Double]](), [[1]]) == "lists of [] numbers, expected 1 number")
    }

    @Test("within a tolerance, what does not reach it is no mismatch; what reaches it is")
    func tolerance() {
        let expected = [4.0, -8, 2], found = [4.0, -8.5, 2.25]
        #expect(relativeDifference(found, expected) == 0.0625)
        #expect(mismatch(found, expected, within: 0.07) == nil)
        #expect(
            mismatch(found, expected, within: 0.0625)
                == "at 1 of 3: -8.5, expected -8.0; largest relative difference 0.0625 at 1; 1 differ")
        #expect(mismatch(found, expected, within: 0.01)?.hasSuffix("; 2 differ") == true)
    }

    @Test("NaN differs from everything, itself included, whatever the tolerance", arguments: [nil, 1e9])
    func notNumbers(tolerance: Double?) {
        #expect(
            mismatch([1, Double.nan, 3], [1, Double.nan, 4], within: tolerance)?
                .hasPrefix("at 1 of 3: nan, expected nan; largest relative difference nan at 1; ") == true)
        #expect(mismatch([Double.infinity], [1], within: tolerance) != nil)
    }

    @Test("and a failing expectation prints that line, not the numbers")
    func printed() {
        let expected = (0..<4096).map(Double.init)
        var found = expected
        found[17] = -1
        withKnownIssue {
            #expect(mismatch(found, expected) == nil)
        } matching: { issue in
            let text = "\(issue)"
            return text.contains(
                "at 17 of 4096: -1.0, expected 17.0; largest relative difference 0.0044 at 17; 1 differ")
                && text.utf8.count < 400
        }
    }
}
