import FlowMaps
import Testing

@Suite("Range checks")
struct ValidationTests {
    struct Probe: Validated {
        func validate() throws(Violation) {}
    }

    /// What a check says, nil when it says nothing.
    func refusal(_ check: (Probe) throws(Violation) -> Void) -> String? {
        do throws(Violation) {
            try check(Probe())
            return nil
        } catch {
            return error.description
        }
    }

    @Test("name the setting, what was found and what is allowed")
    func texts() {
        #expect(
            refusal { p throws(Violation) in try p.require(2, "a", in: 0...1) } == "a: found 2, allowed: from 0 to 1")
        #expect(
            refusal { p throws(Violation) in try p.require(1, "a", in: 0..<1) }
                == "a: found 1, allowed: from 0 to less than 1")
        #expect(
            refusal { p throws(Violation) in try p.require(-1, "a", in: 0...) } == "a: found -1, allowed: at least 0")
        #expect(refusal { p throws(Violation) in try p.require(2, "a", in: ...1) } == "a: found 2, allowed: at most 1")
        #expect(
            refusal { p throws(Violation) in try p.require(1, "a", in: ..<1) } == "a: found 1, allowed: less than 1")
        #expect(refusal { p throws(Violation) in try p.positive(0, "a") } == "a: found 0, allowed: more than 0")
        #expect(
            refusal { p throws(Violation) in try p.probability(Float(1.5), "a") }
                == "a: found 1.5, allowed: from 0 to 1")
        #expect(
            refusal { p throws(Violation) in try p.nonEmpty([Int](), "a") }
                == "a: found nothing, allowed: at least one entry")
        #expect(
            refusal { p throws(Violation) in try p.require(false, found: 1, allowed: "b") } == "found 1, allowed: b")
    }

    @Test("pass at their bounds, and refuse NaN everywhere")
    func bounds() {
        #expect(refusal { p throws(Violation) in try p.require(1, "a", in: 0...1) } == nil)
        #expect(refusal { p throws(Violation) in try p.require(0, "a", in: 0..<1) } == nil)
        #expect(refusal { p throws(Violation) in try p.probability(0.0, "a") } == nil)
        #expect(refusal { p throws(Violation) in try p.positive(1e-37, "a") } == nil)
        #expect(refusal { p throws(Violation) in try p.positive(Double.leastNonzeroMagnitude, "a") } != nil)
        #expect(refusal { p throws(Violation) in try p.probability(Double.nan, "a") } != nil)
        #expect(refusal { p throws(Violation) in try p.positive(Double.nan, "a") } != nil)
        #expect(refusal { p throws(Violation) in try p.require(Double.nan, "a", in: 0...) } != nil)
    }
}
