import Testing

@testable import Reporting
@testable import Specification

@Suite("A figure")
struct TableFigureTests {
    @Test(
        "has its significant digits, and an exponent only where it is very large or small",
        arguments: [
            (0.5, "0.500"), (3, "3.00"), (-12.345, "-12.3"), (99.96, "100"), (9.996, "10.0"), (0.9996, "1.00"),
            (120, "120"), (1234.5, "1235"), (999_999.4, "999999"), (999_999.5, "1.00e6"), (12_345_678, "1.23e7"),
            (0.0001, "0.000100"), (0.000_099_96, "0.000100"), (0.000_099_94, "9.99e-5"), (-1e-7, "-1.00e-7"),
            (1e300, "1.00e300"), (.leastNonzeroMagnitude, "5.00e-324"), (.greatestFiniteMagnitude, "1.80e308"),
            (2.675, "2.68"),
            (-2.675, "-2.68"), (0, "0"), (-0.0, "0"), (.nan, "nan"), (.infinity, "inf"), (-.infinity, "-inf"),
        ])
    func threeDigits(value: Double, text: String) {
        #expect(NumberFormat.text(value) == text)
    }

    @Test("has as many digits as are asked for")
    func otherDigits() {
        #expect(NumberFormat.text(0.1, digits: 1) == "0.1")
        #expect(NumberFormat.text(0.96, digits: 1) == "1")
        #expect(NumberFormat.text(96, digits: 1) == "96")
        #expect(NumberFormat.text(1.5e7, digits: 1) == "2e7")
        #expect(NumberFormat.text(.pi, digits: 6) == "3.14159")
        #expect(NumberFormat.text(0.1, digits: 20) == "0.10000000000000000000")
    }

    @Test("reads back as the number when it has seventeen digits")
    func readsBack() {
        var state: UInt64 = 1
        for _ in 0..<2000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let value = Double(bitPattern: state)
            guard value.isFinite else { continue }
            #expect(Double(NumberFormat.text(value, digits: 17)) == value)
        }
    }

    @Test(
        "of a mean ends at the place of the deviation's second digit",
        arguments: [
            (12.345, 0.567, "12.35 ± 0.57"), (0.1234, 0.0001, "0.12340 ± 0.00010"), (12_345, 678, "12345 ± 678"),
            (0.001, 5, "0.0 ± 5.0"), (-0.001, 5, "0.0 ± 5.0"), (12.3, 9.96, "12 ± 10"), (0, 0.25, "0.00 ± 0.25"),
            (0.1234, 1e-9, "0.12340 ± 1.0e-9"), (1.23e-6, 4.5e-8, "(1.230 ± 0.045)e-6"),
            (12_345_678, 30_000, "(1.2346 ± 0.0030)e7"), (1.5e-6, 1e-20, "1.5000e-6 ± 1.0e-20"),
            (2.5, 0, "2.50 ± 0"), (.nan, .nan, "nan ± nan"), (.infinity, .nan, "inf ± nan"),
        ])
    func mean(mean: Double, deviation: Double, text: String) {
        #expect(NumberFormat.text(mean: mean, deviation: deviation) == text)
    }

    @Test("of a mean has a plain sign in plain ASCII")
    func meanInASCII() {
        #expect(NumberFormat.text(mean: 1, deviation: 0.5, lettering: .ascii) == "1.00 +- 0.50")
    }

    @Test(
        "of a time counts minutes and, where there are any, hours",
        arguments: [
            (0, "0:00"), (45, "0:45"), (59.5, "1:00"), (65, "1:05"), (3599.4, "59:59"), (7390, "2:03:10"),
            (360_000, "100:00:00"), (-3, "0:00"), (.nan, "–"), (.infinity, "–"), (1e30, "–"),
        ])
    func clock(seconds: Double, text: String) {
        #expect(NumberFormat.clock(seconds: seconds) == text)
    }
}
