import Testing

@testable import Study

@Suite("Means with their spread")
struct SpreadTests {
    @Test("equal numbers have no deviation, whatever a sum of them would round to")
    func equal() {
        #expect(Spread([0.9995, 0.9995, 0.9995]) == Spread([0.9995, 0.9995]))
        #expect(Spread([0.9995, 0.9995, 0.9995]).deviation == 0)
    }

    @Test("the deviation is that of a sample, and unknown for one number")
    func sample() {
        let spread = Spread([1, 2, 3, 6])
        #expect(spread.mean == 3)
        #expect(spread.deviation == (14.0 / 3).squareRoot())
        #expect(Spread([4]).mean == 4 && Spread([4]).deviation.isNaN)
        #expect(Spread([1, .nan, 3]).mean.isNaN)
    }
}
