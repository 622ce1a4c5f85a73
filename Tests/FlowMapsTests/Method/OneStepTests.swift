import Testing

@testable import FlowMaps

@Suite("Students that set out from noise alone")
struct OneStepTests {
    @Test("are those of methods whose every row is at t = 1, whatever the name")
    func names() {
        let alone = MethodName.allCases.filter { Objective.method($0.method).setsOutFromNoiseAlone }
        #expect(alone == [.kd, .dmd, .dmd2, .vsd, .sid, .fgm])
        var secant = MethodName.sdei.method
        secant.main.states = .prior
        #expect(Objective.method(secant).setsOutFromNoiseAlone)
        secant.main.states = .studentPath
        #expect(!Objective.method(secant).setsOutFromNoiseAlone)
    }

    @Test("are FreeFlow's, and MeanFlow's with states from the prior")
    func own() {
        let law = TimeDistribution.uniform(from: 0, to: 1)
        let prediction = Prediction(
            derivative: .jvp, durations: law, decay: ResidualDecay(exponent: 0, epsilon: 1), guidance: nil)
        #expect(Objective.freeflow(prediction: prediction, correction: nil).setsOutFromNoiseAlone)
        func meanFlow(_ states: StateSource) -> Objective {
            .meanFlow(
                states: states, times: PairDistribution(first: law, second: law, equal: 0),
                decay: ResidualDecay(exponent: 0, epsilon: 1), guidance: nil)
        }
        #expect(meanFlow(.prior).setsOutFromNoiseAlone && !meanFlow(MethodName.data).setsOutFromNoiseAlone)
    }
}
