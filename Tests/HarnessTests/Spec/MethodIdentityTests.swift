import FlowMaps
import TestSupport
import Testing

@testable import Specification
@testable import Study

/// The identities that runs of the tiny study have had since all methods are of one family.
private enum First {
    static let prediction = "340db87334912cca88a7ea7822f411bf9bf2a523665ca8666e3ab662e0eb635b"
    static let combined = "1996dc48401b4207de541094c6d814aa053de9e5831fdda362f916342f924bd0"
    static let meanFlowFromTeacher = "dbdfe6b39d423ecb50aaac5642a004ce23c1a2e5e7f7b6c2073a36db7da20ce0"
}

@Suite("Specifications are coded as ever") struct MethodIdentityTests {
    private struct Content: Codable {
        let specification: RunSpecification
        let schema: String
    }

    /// Of a specification alone: stages, records and the machine have versions of their own.
    private func identity(_ specification: RunSpecification) throws -> String {
        Identity(of: try CanonicalEncoder().encode(Content(specification: specification, schema: "methods/1"))).hex
    }

    @Test("FreeFlow and MeanFlow have the identities that they had")
    func first() throws {
        let runs = try Study(yaml: TinyStudy.planar, file: "study.yaml").runs
        let first = try identity(runs[0].specification)
        #expect(first == First.prediction)
        let third = try identity(runs[2].specification)
        #expect(third == First.combined)
        let head = TinyStudy.planar.components(separatedBy: "axes:")[0]
        let arm = "axes:\n  objective: {it: {student: {method: !replace meanFlowFromTeacher}}}\n"
        let other = try Study(yaml: head + arm, file: "study.yaml").runs[0].specification
        let last = try identity(other)
        #expect(last == First.meanFlowFromTeacher)
    }

    @Test("what is said of a method that has it anyway changes nothing")
    func written() throws {
        let head = TinyStudy.planar.components(separatedBy: "axes:")[0]
        let short = "axes:\n  objective: {it: {student: {method: !replace {freeflow: {secondTerm: ~}}}}}\n"
        let own = try Study(yaml: head + short, file: "study.yaml").runs[0].specification
        #expect(try identity(own) == First.prediction, "the base writes out what FreeFlow has")
    }

    @Test("and parts of the network and learned weights are written only where they are other than plain")
    func parts() throws {
        for name in MethodName.allCases {
            let written = try CanonicalEncoder().encode(name.method).yaml()
            #expect(written.contains("conditioning:") == (name == .decoupledMeanFlow))
            #expect(written.contains("head:") == (name == .piFlow))
            #expect(written.contains("learned:") == (name == .decoupledMeanFlow))
        }
    }
}
