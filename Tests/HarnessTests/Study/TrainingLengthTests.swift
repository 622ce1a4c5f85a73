import FlowMaps
import TestSupport
import Testing

@testable import Specification
@testable import Study

@Suite("Lengths of a training in images") struct TrainingLengthTests {
    private func optimization(_ settings: [String]) throws -> Optimization {
        try Study(
            yaml: TinyStudy.planar, file: "study.yaml",
            changes: .init(settings: settings.map { "base.student.optimization.\($0)" })
        ).runs[0].specification.student.optimization
    }

    private func refusal(_ settings: [String]) -> String {
        do {
            _ = try optimization(settings)
            return "nothing was refused"
        } catch { return "\(error)" }
    }

    @Test("are the steps and shares that they come to, so that both ways of writing are one training")
    func same() throws {
        let images = try optimization([
            "batch=50", "steps={images: 49020}", "cooldown={images: 2450}", "warmUp={images: 0}",
            "ema={halfLifeImages: 4900}",
        ])
        #expect(images.steps == 980)
        let shares = try optimization([
            "batch=50", "steps=980", "cooldown=0.05", "warmUp=0", "ema={halfLife: 0.1}",
        ])
        #expect(images == shares)
        #expect(images.schedule() == shares.schedule())
    }

    @Test("are epochs of a stated size, whatever the data set")
    func epochs() throws {
        #expect(try optimization(["batch=50", "steps={epochs: {count: 2, of: 1000}}"]).steps == 40)
    }

    @Test("a whole number of steps of a cooldown is that number, whatever the length", arguments: [7, 49, 980, 1999])
    func whole(steps: Int) throws {
        for cooldown in [1, 3, 7] {
            let found = try optimization([
                "batch=32", "steps=\(steps)", "warmUp=0", "cooldown={images: \(32 * cooldown)}",
            ])
            #expect(Int((found.cooldown * Double(steps)).rounded(.down)) == cooldown)
        }
    }

    @Test("are refused where they make no training")
    func refused() {
        #expect(refusal(["steps={images: 3}"]).contains("images for 1 to"))
        #expect(refusal(["steps={imags: 3}"]).contains("steps"))
        #expect(refusal(["steps=~", "budget=3.0e+6", "cooldown={images: 100}"]).contains("a share, as a budget has"))
        #expect(refusal(["cooldown={images: 1.0e+9}"]).contains("cooldown"))
    }
}
