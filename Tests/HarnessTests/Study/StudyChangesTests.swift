import TestSupport
import Testing

@testable import Study

@Suite("The command line changes a study")
struct StudyChangesTests {
    private func study(_ changes: Study.Changes) throws -> Study {
        try Study(yaml: TinyStudy.planar, file: "study.yaml", changes: changes)
    }

    private func error(_ changes: Study.Changes) -> String? {
        do { _ = try study(changes) } catch { return "\(error)" }
        return nil
    }

    @Test("--only leaves the runs with that value, each in its place")
    func only() throws {
        let study = try study(.init(only: ["objective=combined"]))
        #expect(study.runs.map(\.point) == ["objective=combined,seed=0", "objective=combined,seed=1"])
        #expect(study.runs.map(\.position) == [2, 3])
        #expect(study.named.count == 4)
    }

    @Test("several values of one axis are alternatives, several choices are all to be met")
    func several() throws {
        #expect(try study(.init(only: ["seed=0,1"])).runs.count == 4)
        #expect(
            try study(.init(only: ["seed=1", "objective=prediction"])).runs.map(\.point) == [
                "objective=prediction,seed=1"
            ])
    }

    @Test(
        "--seeds stands in for the seeds of the study", arguments: [("0..3", 4), ("0,2,7", 3), ("5", 1), ("3..3", 1)])
    func seeds(text: String, count: Int) throws {
        let study = try study(.init(seeds: text))
        #expect(study.runs.count == 2 * count)
        #expect(Set(study.runs.map(\.specification.seed)).count == count)
    }

    @Test("what was typed is kept with each run, and decides nothing")
    func kept() throws {
        let study = try study(.init(settings: ["base.sharedSeed=7"], only: ["seed=0"], seeds: "0..4"))
        let origin = try #require(study.runs[0].origin)
        #expect(origin.changes == ["--set base.sharedSeed=7", "--only seed=0", "--seeds 0..4"])
        #expect(origin.files.map(\.path) == ["study.yaml"] && origin.files[0].text == TinyStudy.planar)
        var other = study.runs[0]
        other.origin = nil
        #expect(RunStage(run: other).identity == RunStage(run: study.runs[0]).identity)
    }

    @Test("what names nothing is refused, with the nearest name")
    func refused() {
        #expect(
            error(.init(only: ["objektive=combined"])) == """
                --only objektive=combined: unknown axis 'objektive'
                  allowed: objective, seed
                  did you mean 'objective'?
                """)
        #expect(
            error(.init(only: ["objective=combine"])) == """
                --only objective=combine: no run has the value 'combine' on axis 'objective'
                  allowed: prediction, combined
                  did you mean 'combined'?
                """)
        for text in ["objective", "objective=", "=combined", "objective=combined,"] {
            #expect(
                error(.init(only: [text])) == """
                    --only \(text): no choice of runs
                      found: \(text)
                      allowed: axis=value or axis=value,value
                    """)
        }
        for text in ["", "4..0", "-1..2", "a", "1,,2", "0..", "0..1000000000"] {
            #expect(
                error(.init(seeds: text)) == """
                    --seeds \(text): no range of seeds
                      found: \(text)
                      allowed: first..last, or numbers with commas between
                    """)
        }
    }
}
