import FlowMaps
import TestSupport
import Testing

@testable import Specification
@testable import Study

/// The identities that the first version of the program gave to runs of the tiny study, before objectives were methods of parts.
private enum First {
    static let prediction = "7f86fccd0736ee969cbb50b059ccd19d8d505f9a964802b1458198e2c567d517"
    static let combined = "55b67ed8c447bd5425fee21ae26954cbd8295ea980df854b4de3ad95da6f5649"
    static let meanFlow = "1b26b21892d158ce77fe8b3f8bfc41c657bbb8f2b70aecd277a4db8031126817"
}

@Suite("Specifications are coded as ever") struct ObjectiveIdentityTests {
    private let meanFlow = """
        {meanFlow: {states: {data: {augmentation: {kinds: [], strength: 0}}}, times: {first: {uniform: {from: 0, to: 1}}, \
        second: {uniform: {from: 0, to: 1}}, equal: 0.25}, decay: {exponent: 0, epsilon: 1.0e-4}}}
        """

    private struct Content: Codable {
        let specification: RunSpecification
        let schema: String
    }

    /// As the first version made it: stages had the version 1, records the schema 1, and the content was in a list.
    private func identity(_ specification: RunSpecification) throws -> String {
        let content = [Content(specification: specification, schema: "ablate.run/1")]
        return Identity(
            of: .mapping([
                .init("stage", .string("run")), .init("version", .int(1)),
                .init("content", try CanonicalEncoder().encode(content)),
            ])
        ).hex
    }

    @Test("freeflow and meanFlow have the identities of the first version, but for stages and schema raised since")
    func first() throws {
        let runs = try Study(yaml: TinyStudy.planar, file: "study.yaml").runs
        #expect(try identity(runs[0].specification) == First.prediction)
        #expect(try identity(runs[2].specification) == First.combined)
        let head = TinyStudy.planar.components(separatedBy: "axes:")[0]
        let arm = "axes:\n  objective: {it: {student: {objective: !replace \(meanFlow)}}}\n"
        let other = try Study(yaml: head + arm, file: "study.yaml").runs[0].specification
        #expect(try identity(other) == First.meanFlow)
    }

    @Test("and parts that are newer are written only where they are other than they were")
    func parts() throws {
        for name in MethodName.allCases {
            let written = try CanonicalEncoder().encode(Objective.method(name.method)).yaml()
            let isNew = [.piFlow, .decoupledMeanFlow].contains(name)
            #expect(written.contains("conditioning:") == (name == .decoupledMeanFlow))
            #expect(written.contains("head:") == (name == .piFlow))
            #expect(isNew || !written.contains("learned:"))
        }
    }
}
