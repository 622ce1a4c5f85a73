import TestSupport
import Testing

@testable import Study

@Suite("Claims in a study file")
struct ClaimReadingTests {
    private func study(_ claims: String) throws -> Study {
        try Study(yaml: TinyStudy.planar + "claims:\n" + claims, file: "study.yaml")
    }

    private func refusal(_ claims: String) -> String {
        do {
            _ = try study(claims)
            return "nothing was refused"
        } catch { return "\(error)" }
    }

    @Test("are read with their words and their statement")
    func reading() throws {
        let claims = try study(
            """
              synergy:
                says: Combined is better.
                lower: {metric: frechetDistance, of: {objective: combined}, than: {objective: prediction}, by: 0.1}
              seeds:
                says: Nothing goes up with the seed.
                flat: {metric: pairedError, along: seed, within: 0.5, where: {objective: combined}}

            """
        ).claims
        #expect(claims.map(\.name) == ["synergy", "seeds"])
        #expect(claims[0].says == "Combined is better.")
        #expect(
            claims[0].statement
                == .lower(
                    metric: "frechetDistance", of: ["objective": "combined"], than: ["objective": "prediction"], by: 0.1
                ))
        #expect(
            claims[1].statement
                == .flat(
                    metric: "pairedError", along: "seed", from: nil, to: nil, within: 0.5,
                    where: ["objective": "combined"]))
    }

    @Test("may name the axes that a record has in itself: steps of the training, durations of the drift")
    func recordAxes() throws {
        let claims = try study(
            """
              grows: {says: It grows., rises: {metric: drift, along: duration, from: 0.25, where: {objective: combined}}}
              learns: {says: It learns., falls: {metric: frechetDistance, along: step}}
              halfway: {says: It is there halfway., lower: {metric: pairedError, of: {objective: combined, step: 10}, than: {objective: prediction}}}

            """
        ).claims
        #expect(
            claims.map(\.statement) == [
                .rises(metric: "drift", along: "duration", from: 0.25, to: nil, where: ["objective": "combined"]),
                .falls(metric: "frechetDistance", along: "step", from: nil, to: nil, where: nil),
                .lower(
                    metric: "pairedError", of: ["objective": "combined", "step": "10"],
                    than: ["objective": "prediction"], by: nil),
            ])
    }

    @Test(
        "over what the study does not have are refused with the nearest name",
        arguments: [
            ("{metric: frechetDistanc, along: seed}", "unknown metric 'frechetDistanc'", "frechetDistance"),
            ("{metric: frechetDistance, along: sed}", "unknown axis 'sed' in claims.one", "seed"),
            ("{metric: frechetDistance, along: objective}", "axis 'objective' in claims.one has no order", "numbers"),
            (
                "{metric: frechetDistance, along: seed, where: {objective: combind}}",
                "unknown value 'combind' of axis 'objective' in claims.one.rises.where", "combined"
            ),
            ("{metric: frechetDistance, along: duration}", "unknown axis 'duration' in claims.one", "step"),
            ("{metric: drift, along: duraton}", "unknown axis 'duraton' in claims.one", "duration"),
            (
                "{metric: drift, along: seed, where: {duration: 0.3}}",
                "unknown value '0.3' of axis 'duration' in claims.one.rises.where", "0.25"
            ),
            ("{metric: drift, along: duration, from: 0.5, to: 0.25}", "0.25", "more than its from, 0.5"),
        ])
    func unknown(_ row: (statement: String, error: String, nearest: String)) {
        let text = refusal("  one: {says: It rises., rises: \(row.statement)}\n")
        #expect(text.contains(row.error), "\(text)")
        #expect(text.contains(row.nearest), "\(text)")
        #expect(text.contains("study.yaml:"), "\(text)")
    }

    /// Two arms, of which one can be sampled in several steps.
    private func inSteps(_ claim: String, steps: String = "[1, 2, 4]") -> String {
        let yaml = TinyStudy.planar.changing(
            "prediction: {student: {method: {freeflow: {secondTerm: ~}}}}",
            to: "sdei: {student: {method: {sdei: {}}}}")
        do {
            _ = try Study(
                yaml: yaml + "claims:\n  one: {says: It is., \(claim)}\n", file: "study.yaml",
                settings: ["base.evaluation.steps=\(steps)"])
            return "nothing was refused"
        } catch { return "\(error)" }
    }

    @Test("name a score in several steps where the arm has it, and are refused where it has not")
    func steps() {
        let own = "lower: {metric: frechetDistance@4, of: {objective: sdei, seed: 0}, than: {objective: sdei, seed: 1}}"
        #expect(inSteps(own) == "nothing was refused")
        #expect(
            inSteps(own, steps: "~") == """
                study.yaml:39:3: unknown metric 'frechetDistance@4' in claims.one
                  allowed: frechetDistance, slicedWasserstein, pairedError, kernelDistance, precision, recall, density, \
                coverage, varianceRatio, energyDistance, meanDiscrepancy, coveredModes, highQualityShare, modeVariation, \
                drift, dataDiscrepancy
                  did you mean 'frechetDistance'?
                """)
        #expect(
            inSteps(own.changing("frechetDistance@4", to: "frechetDistnce@4")).contains(
                "did you mean 'frechetDistance@4'?"))
        let other = "lower: {metric: recall, of: {objective: sdei, mapSteps: 2}, than: {objective: sdei, mapSteps: 1}}"
        #expect(inSteps(other) == "nothing was refused")
        #expect(
            inSteps("nearFloor: {metric: recall, of: {objective: combined, mapSteps: 2}, within: 0.1}").hasPrefix(
                "study.yaml:39:3: no 'recall@2' of the runs in claims.one.nearFloor.of\n  found: 2 steps\n"))
        #expect(
            inSteps("nearFloor: {metric: recall@2, of: {objective: combined}, within: 0.1}") == """
                study.yaml:39:3: no 'recall@2' of the runs in claims.one.nearFloor.of
                  found: 2 steps
                  allowed: 1 step, as the student learns to set out from t = 1 alone
                """)
    }

    @Test("without words, without a statement or with two are refused")
    func shape() {
        #expect(refusal("  one: {rises: {metric: frechetDistance, along: seed}}\n").contains("missing key 'says'"))
        #expect(refusal("  one: {says: It rises.}\n").contains("lower, alike, rises, falls, flat, nearFloor, lowest"))
        #expect(
            refusal(
                "  one: {says: It rises., rises: {metric: frechetDistance, along: seed}, lowr: {}}\n"
            ).contains("claims.one"))
    }
}
