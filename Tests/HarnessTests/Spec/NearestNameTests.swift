import Testing

@testable import Specification

@Suite("The nearest name")
struct NearestNameTests {
    @Test("is one edit away for each letter added, lost, changed or swapped")
    func distances() {
        #expect(editDistance(Array("seed"), Array("seed")) == 0)
        #expect(editDistance(Array("seed"), Array("sed")) == 1)
        #expect(editDistance(Array("seed"), Array("seeds")) == 1)
        #expect(editDistance(Array("seed"), Array("sead")) == 1)
        #expect(editDistance(Array("seed"), Array("sede")) == 1)
        #expect(editDistance(Array("kitten"), Array("sitting")) == 3)
        #expect(editDistance([], Array("ab")) == 2)
    }

    @Test("is the closest within a third of the letters, else none")
    func nearest() {
        #expect(nearestName(to: "augmentaton", among: ["set", "augmentation"]) == "augmentation")
        #expect(nearestName(to: "Width", among: ["depth", "width"]) == "width")
        #expect(nearestName(to: "steps", among: ["step", "stops"]) == "step")
        #expect(nearestName(to: "bias", among: ["alpha", "weights"]) == nil)
        #expect(nearestName(to: "x", among: ["y"]) == nil)
        #expect(nearestName(to: "", among: ["y"]) == nil)
    }
}
