import TestSupport
import Testing

@testable import Specification
@testable import Study

@Suite("Trees that share parts")
struct DecodedPartsTests {
    /// Arms that take keys away, replace a case and set single values, over and over each other.
    private static let yaml = TinyStudy.planar.changing(
        "    combined: {}",
        to: """
                combined: {}
                other: {student: {method: {meanFlowFromTeacher: {states: prior, times: {pair: {first: \
            {point: {at: 1}}, second: {point: {at: 0}}, equal: 0.5}}}}}}
              steps: {path: student.optimization.steps, values: [5, 6]}
              width: {path: teacher.network.mlp.width, values: [8, 16]}
            """)

    private func points() throws -> [SweepPoint] {
        try StudyDocument(SpecTree(yaml: Self.yaml, file: "study.yaml")).sweep.points()
    }

    @Test("are decoded to what each of them is by itself")
    func equal() throws {
        var sharing = StrictDecoder()
        sharing.parts = DecodedParts()
        let points = try points()
        #expect(points.count == 24)
        let alone = try points.map { try $0.decode(RunSpecification.self) }
        #expect(try points.map { try $0.decode(RunSpecification.self, using: sharing) } == alone)
        // Once more, when all is known, and backwards.
        #expect(try points.reversed().map { try $0.decode(RunSpecification.self, using: sharing) } == alone.reversed())
        #expect(Set(alone).count == 24)
    }

    @Test("a fault is reported at each point that has it, after points that have none")
    func faults() throws {
        var sharing = StrictDecoder()
        sharing.parts = DecodedParts()
        let yaml = TinyStudy.planar.changing("seed: [0, 1]", to: "seed: [0, -1, -2]")
        let points = try StudyDocument(SpecTree(yaml: yaml, file: "study.yaml")).sweep.points()
        var texts: [String] = []
        for point in points {
            do throws(SpecError) { _ = try point.decode(RunSpecification.self, using: sharing) } catch {
                texts.append(error.description)
            }
        }
        #expect(texts.count == 4)
        #expect(texts.allSatisfy { $0.contains("wrong value for base.seed") })
        #expect(texts[3].hasSuffix("in the run objective=combined,seed=-2"))
    }
}
