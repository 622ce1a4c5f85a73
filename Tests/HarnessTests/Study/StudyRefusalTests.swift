import FlowMaps
import TestSupport
import Testing

@testable import Study

@Suite("A study that makes no sense is refused, with the place, the key and what is allowed")
struct StudyRefusalTests {
    /// A study, one change of it, and the error that is to come of it.
    struct Case: Sendable, CustomTestStringConvertible {
        let study: String
        let old: String
        let new: String
        let text: String
        var testDescription: String { new }

        init(_ study: String, _ old: String, _ new: String, _ text: String) {
            (self.study, self.old, self.new, self.text) = (study, old, new, text)
        }

        init(_ old: String, _ new: String, _ text: String) { self.init(TinyStudy.planar, old, new, text) }
    }

    private static let inFirst = "\n  in the run objective=prediction,seed=0"
    private static let weighting =
        "weighting: {space: velocity, residual: {adaptiveWeight: {power: 1, epsilon: 1.0e-4}}, time: one}"

    @Test(
        "impossible combinations",
        arguments: [
            Case(
                TinyStudy.digits, "labelDropout: 0.1", "labelDropout: 0",
                """
                study.yaml:31:54: wrong value for base.evaluation.teacher.guidance
                  found: scale 2.0
                  allowed: scale 1, or a teacher with labelDropout above 0
                """ + inFirst),
            Case(
                "{sampler: {heun: {steps: 4}}}", "{sampler: {heun: {steps: 4}}, guidance: {scale: 2, from: 0, to: 1}}",
                """
                study.yaml:31:54: wrong value for base.evaluation.teacher.guidance
                  found: scale 2.0
                  allowed: no guidance, as the data have no classes
                """ + inFirst),
            Case(
                weighting, weighting + "\n        guidance: {scale: 3, from: 0, to: 1}",
                """
                study.yaml:20:19: wrong value for base.student.method.freeflow.guidance
                  found: scale 3.0
                  allowed: no guidance, as the data have no classes
                """ + inFirst),
            Case(
                "features: coordinates", "features: coordinates\n    metrics: [precision, classAccuracy]",
                """
                study.yaml:33:14: wrong value for base.evaluation.metrics
                  found: classAccuracy
                  allowed: for these data and features: frechetDistance, slicedWasserstein, pairedError, \
                kernelDistance, precision, recall, density, coverage, varianceRatio, energyDistance, meanDiscrepancy, \
                coveredModes, highQualityShare, modeVariation, drift
                """ + inFirst),
            Case(
                "features: coordinates",
                "features: {classifier: {width: 4, features: 4, heldOut: 0.2, augmentation: {kinds: [], strength: 0}, "
                    + "optimization: {steps: 1, batch: 1, learningRate: 1, warmUp: 0, cooldown: 0, ema: none}}}",
                """
                study.yaml:32:15: wrong value for base.evaluation.features
                  found: classifier
                  allowed: coordinates, as the data have no classes
                """ + inFirst),
            Case(
                "    optimization: {steps: 20, batch: 16", "    optimization: {steps: 20, batch: 1",
                """
                study.yaml:13:38: wrong value for base.student.optimization.batch
                  found: 1
                  allowed: at least 2
                  in the run objective=combined,seed=0
                """),
            Case(
                "prediction: {student: {method: {freeflow: {secondTerm: ~}}}}",
                "data: {student: {method: !replace {meanFlowFromTeacher: {states: {data: {augmentation: "
                    + "{kinds: [shift, flip], strength: 0}}}}}}}",
                """
                study.yaml:35:100: wrong value for base.student.method.meanFlowFromTeacher.states.data.augmentation.kinds
                  found: shift, flip
                  allowed: an empty list, as the data are no images
                  in the run objective=data,seed=0
                """),
        ])
    func combination(_ refused: Case) { expect(refused) }

    @Test(
        "values out of their range",
        arguments: [
            Case(
                TinyStudy.digits, "heldOut: 0.2", "heldOut: 1",
                """
                study.yaml:32:62: wrong value for base.evaluation.features.classifier.heldOut
                  found: 1.0
                  allowed: more than 0 and less than 1
                """ + inFirst),
            Case(
                "share: 0.25", "share: 1.5",
                """
                study.yaml:21:18: wrong value for base.student.method.freeflow.secondTerm.share
                  found: 1.5
                  allowed: more than 0 and at most 1, which is the second term alone; secondTerm: none is the first alone
                  in the run objective=combined,seed=0
                """),
            Case(
                "seed: [0, 1]", "seed: [0, -1]",
                """
                study.yaml:37:13: wrong value for base.seed
                  found: -1
                  allowed: at least 0
                  in the run objective=prediction,seed=-1
                """),
            Case(
                "sharedSeed: 0", "sharedSeed: -3",
                """
                study.yaml:5:15: wrong value for base.sharedSeed
                  found: -3
                  allowed: at least 0
                """ + inFirst),
            Case(
                "savedSamples: 8", "savedSamples: 65",
                """
                study.yaml:30:19: wrong value for base.evaluation.savedSamples
                  found: 65
                  allowed: from 0 to 64
                """ + inFirst),
            Case(
                "durations: {uniform: {from: 0, to: 1}}", "durations: {uniform: {from: 0.6, to: 0.4}}",
                """
                study.yaml:17:66: wrong value for base.student.method.freeflow.times.fromNoise.durations.uniform.to
                  found: 0.4
                  allowed: from 0.6 to 1.0
                """ + inFirst),
            Case(
                "labelDropout: 0", "labelDropout: 1.5",
                """
                study.yaml:10:19: wrong value for base.teacher.labelDropout
                  found: 1.5
                  allowed: from 0 to 1
                """ + inFirst),
            Case(
                "count: 200", "count: 0",
                """
                study.yaml:4:47: wrong value for base.data.planar.count
                  found: 0
                  allowed: at least 1
                """ + inFirst),
        ])
    func range(_ refused: Case) { expect(refused) }

    @Test(
        "words that nothing is named by",
        arguments: [
            Case(
                TinyStudy.planar.changing(
                    "    prediction: {student: {method: {freeflow: {secondTerm: ~}}}}\n", to: ""),
                "      freeflow:", "      freeflw:",
                """
                study.yaml:15:7: unknown case 'freeflw' for base.student.method
                  allowed: \(MethodName.allCases.map(\.rawValue).joined(separator: ", "))
                  did you mean 'freeflow'?
                  in the run objective=combined,seed=0
                """),
            Case(
                "weight: 1", "wieght: 1",
                """
                study.yaml:22:11: unknown key 'wieght' in base.student.method.freeflow.secondTerm
                  allowed: share, weight, balance, states, times, target, weighting, guidance
                  did you mean 'weight'?
                  in the run objective=combined,seed=0
                """),
            Case(
                "eightGaussians", "eightGausians",
                """
                study.yaml:4:24: unknown case 'eightGausians' for base.data.planar.set
                  allowed: eightGaussians, checkerboard, twoMoons, rings, pinwheel, spirals
                  did you mean 'eightGaussians'?
                """ + inFirst),
            Case(
                "study: tiny", "study: cache",
                """
                study.yaml:1:8: not usable as a study name
                  found: 'cache'
                  allowed: any other: what studies share, or a report of several, has this name
                """),
        ])
    func word(_ refused: Case) { expect(refused) }

    @Test(
        "keys and names that are other now",
        arguments: [
            Case(
                "    method:\n", "    objective:\n",
                """
                study.yaml:14:5: 'objective' in base.student has another name
                  now: method
                """ + inFirst),
            Case(
                "secondTerm: ~", "correction: ~",
                """
                study.yaml:35:48: 'correction' in base.student.method.freeflow has another name
                  now: secondTerm
                """ + inFirst),
            Case(
                "secondTerm: ~", "prediction: {derivative: jvp}",
                """
                study.yaml:35:48: 'prediction' in base.student.method.freeflow has another name
                  now: target, times, weighting and guidance of the method itself
                """ + inFirst),
            Case(
                "secondTerm:\n", "beside:\n",
                """
                study.yaml:20:9: 'beside' in base.student.method.freeflow has another name
                  now: secondTerm
                """ + inFirst),
            Case(
                "weight: 1", "alpha: 1",
                """
                study.yaml:22:11: 'alpha' in base.student.method.freeflow.secondTerm has another name
                  now: weight
                  in the run objective=combined,seed=0
                """),
            Case(
                "{adaptiveWeight: {power: 1, epsilon: 1.0e-4}}", "{decay: {exponent: 1, epsilon: 1.0e-4}}",
                """
                study.yaml:19:49: 'decay' in base.student.method.freeflow.weighting.residual has another name
                  now: adaptiveWeight
                """ + inFirst),
            Case(
                "power: 1", "exponent: 1",
                """
                study.yaml:19:66: 'exponent' in base.student.method.freeflow.weighting.residual.adaptiveWeight has another name
                  now: power
                """ + inFirst),
            Case(
                "{freeflow: {secondTerm: ~}}", "{freeflow: {auxiliary: {rate: 2, updates: 1}}}",
                """
                study.yaml:35:60: 'rate' in base.student.method.freeflow.auxiliary has another name
                  now: learningRateRatio
                """ + inFirst),
            Case(
                "{freeflow: {secondTerm: ~}}", "!replace meanFlowFromScratch",
                """
                study.yaml:35:36: 'meanFlowFromScratch' in base.student.method has another name
                  now: meanFlow
                """ + inFirst),
            Case(
                "{freeflow: {secondTerm: ~}}", "!replace {meanFlow: {decay: {exponent: 0, epsilon: 1}}}",
                """
                study.yaml:35:57: 'decay' in base.student.method.meanFlow has another name
                  now: weighting.residual.adaptiveWeight; the distillation that was meanFlow is meanFlowFromTeacher
                """ + inFirst),
        ])
    func renamed(_ refused: Case) { expect(refused) }

    @Test("and the same studies without the change are taken")
    func accepted() throws {
        #expect(try Study(yaml: TinyStudy.planar, file: "study.yaml").runs.count == 4)
        #expect(try Study(yaml: TinyStudy.digits, file: "study.yaml").runs.count == 4)
        // Guidance of scale 1 is none.
        let unguided = TinyStudy.digits.changing("labelDropout: 0.1", to: "labelDropout: 0").changing(
            "scale: 2", to: "scale: 1")
        #expect(try Study(yaml: unguided, file: "study.yaml").runs.count == 4)
        // One row is enough for one term.
        let alone = TinyStudy.planar.changing("{steps: 20, batch: 16", to: "{steps: 20, batch: 1")
            .changing("combined: {}", to: "correction: {student: {method: {freeflow: {secondTerm: {share: 1}}}}}")
        #expect(try Study(yaml: alone, file: "study.yaml").runs.count == 4)
    }

    @Test("a setting is refused with what was typed")
    func setting() {
        #expect(
            errorText {
                try Study(yaml: TinyStudy.planar, file: "study.yaml", settings: ["base.student.optimization.stpes=3"])
            } == """
                --set base.student.optimization.stpes=3: unknown key 'stpes' in base.student.optimization
                  allowed: steps, batch, budget, learningRate, warmUp, cooldown, clip, ema, beta1, beta2, epsilon, weightDecay, precision, threads, devices, device, accumulate, rematerialize
                  did you mean 'steps'?
                  in the run objective=prediction,seed=0
                """)
        #expect(
            errorText { try Study(yaml: TinyStudy.planar, file: "study.yaml", settings: ["base.seed=5"]) } == """
                --set base.seed=5: axis 'seed' sets seed too
                  the axis is at study.yaml:37:3; set axes.seed instead
                """)
    }

    private func expect(_ refused: Case, sourceLocation: SourceLocation = #_sourceLocation) {
        let yaml = refused.study.changing(refused.old, to: refused.new)
        let text = errorText { try Study(yaml: yaml, file: "study.yaml").runs.count }
        #expect(text == refused.text, sourceLocation: sourceLocation)
    }
}
