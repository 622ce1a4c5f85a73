import Testing

@testable import FlowMaps

@Suite("Students that set out from noise alone")
struct OneStepTests {
    @Test("are those of methods whose every row is at t = 1, whatever the name")
    func names() {
        let alone = MethodName.allCases.filter(\.method.isOneStepOnly)
        #expect(alone == ["freeflow", "kd", "dmd", "dmd2", "vsd", "sid", "fgm"])
        var secant = Method.sdei
        secant.main.states = .prior
        #expect(secant.isOneStepOnly)
        secant.main.states = .studentPath
        #expect(!secant.isOneStepOnly)
    }

    @Test("are FreeFlow's by any of its terms, and MeanFlow's with states from the prior")
    func own() {
        let prediction = Method.prediction()
        #expect(prediction.isOneStepOnly && prediction.corrected(share: 1).isOneStepOnly)
        var meanFlow = Method.meanFlowFromTeacher
        #expect(!meanFlow.isOneStepOnly)
        meanFlow.main.states = .prior
        #expect(meanFlow.isOneStepOnly)
        var freeflow = Method.freeflow
        (freeflow.main.states, freeflow.main.times) = (.studentPath, .triangle)
        #expect(!freeflow.isOneStepOnly)
    }
}
