import FlowMaps
import Specification
import TestSupport
import Testing

@testable import Study

@Suite("A training's device in a study") struct DeviceStudyTests {
    private func study(_ device: String?, of part: String = "student") throws -> Study {
        try Study(
            yaml: TinyStudy.planar, file: "study.yaml",
            settings: device.map { ["base.\(part).optimization.device=\($0)"] } ?? [])
    }

    private func identities(_ device: String?, of part: String = "student") throws -> [Identity] {
        let run = RunStage(run: try study(device, of: part).runs[0])
        return Stage.run(run).needs.map(\.identity) + [run.identity]
    }

    @Test("is the processor where none is named, and another is part of what a training is")
    func identity() throws {
        #expect(try identities(nil) == identities("cpu"))
        #expect(Set(try identities(nil)) != Set(try identities("cuda")))
        #expect(try identities("cuda") == identities("xla:cuda"))
        // A teacher on another device is another teacher, and a student of it another student.
        #expect(Set(try identities(nil)).isDisjoint(with: try identities("cuda", of: "teacher")))
    }

    @Test(
        "is written in a word or with the plug-in's path",
        arguments: [
            ("cuda", Device.platform("cuda")), ("xla:cpu", .platform("cpu")),
            ("{xla: {plugin: /a/b.so}}", .plugin("/a/b.so")),
            ("xla:/a/b.so", .plugin("/a/b.so")),
        ])
    func forms(text: String, device: Device) throws {
        let run = try study(text).runs[0]
        #expect(run.specification.student.optimization.device == device)
        #expect(Device(device.description) == device)
        let stage = RunStage(run: run)
        #expect(Stage.training(stage.student).device == device)
        #expect(Stage.run(stage).device == nil)
    }

    @Test(
        "and the parts that batches are computed in are part of it where they are said; those of an evaluation, of the evaluation"
    )
    func others() throws {
        func identities(_ setting: String?) throws -> (training: Identity, run: Identity) {
            let study = try Study(yaml: TinyStudy.planar, file: "study.yaml", settings: setting.map { [$0] } ?? [])
            let stage = RunStage(run: study.runs[0])
            return (stage.student.identity, stage.identity)
        }
        let usual = try identities(nil)
        #expect(try identities("base.student.optimization.accumulate=1") == usual)
        #expect(try identities("base.student.optimization.devices=1") == usual)
        #expect(try identities("base.student.optimization.rematerialize=false") == usual)
        for setting in ["accumulate=4", "devices=4", "rematerialize=true"] {
            #expect(try identities("base.student.optimization.\(setting)").training != usual.training)
        }
        let evaluated = try identities("base.evaluation.device=cuda")
        #expect(evaluated.training == usual.training && evaluated.run != usual.run)
        let study = try Study(yaml: TinyStudy.planar, file: "study.yaml", settings: ["base.evaluation.device=cuda"])
        let run = RunStage(run: study.runs[0])
        #expect(
            Stage.run(run).device == .platform("cuda") && Stage.reference(run.reference).device == .platform("cuda"))
        #expect(Stage.training(run.student).device == nil)
    }

    @Test("is refused where it is none, or its path depends on where the study is read")
    func refused() {
        let place = "--set base.student.optimization.device"
        #expect(
            errorText { try study("gpu") } == """
                \(place)=gpu: wrong value for base.student.optimization.device
                  found: gpu
                  allowed: cpu, cuda, xla:cpu, xla:PLATFORM or xla:/PATH/OF/A/PLUGIN.so
                  in the run objective=prediction,seed=0
                """)
        let relative = errorText { try study("{xla: {plugin: b.so}}") }
        #expect(relative.contains("wrong value for base.student.optimization.device.xla.plugin"))
        #expect(relative.contains("found: b.so\n  allowed: a path that begins with /"))
    }
}
