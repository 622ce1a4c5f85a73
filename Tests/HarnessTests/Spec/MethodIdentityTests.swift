import FlowMaps
import TestSupport
import Testing

@testable import Specification
@testable import Study

/// The identities that runs of the tiny study have had since their keys have the field's names.
private enum First {
    static let prediction = "338d1031614f66725175274a292d51a43e322a76a0e55cc35b50175676eb8625"
    static let combined = "79ad281d8ea0c368b2944ad8989d44a63036c4fbadd7b0fb60642a41cc6c67b2"
    static let meanFlowFromTeacher = "5d4f5b2038a2b32a6ab22cd4020c2d4c19e2272ca695c79671667a51ce3349dd"
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
            #expect(written.contains("conditioning:") == (name == "decoupledMeanFlow"))
            #expect(written.contains("head:") == (name == "piFlow"))
            #expect(written.contains("learned:") == (name == "decoupledMeanFlow"))
        }
    }
}
