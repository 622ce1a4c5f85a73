import Foundation
import TestSupport
import Testing

@testable import Reporting
@testable import Results
@testable import Study

@Suite("TensorBoard's own reader")
struct TensorBoardTests {
    private static let isHere = ExternalTool.run("python3 -c 'import tensorboard'").status == 0

    @Test(
        "finds scalars, pictures and hyperparameters in the event files", .enabled(if: isHere, "no tensorboard here"))
    func reader() throws {
        let folder = TemporaryFolder()
        let images = [Float](repeating: 0, count: 3 * 64)
        var record = try SampleRecord.make(
            [
                SampleRecord.coordinate("objective", "combined"), SampleRecord.coordinate("alpha", "0.5"),
                SampleRecord.coordinate("seed", "1"),
            ], samples: SavedSamples(student: images, teacher: images, labels: nil, dimension: 64),
            yaml: TinyStudy.digits)
        record.overTraining = SampleSnapshots(steps: [10, 20], values: [images, images], dimension: 64)
        _ = try SampleResults.make([record]).writeEvents(to: folder.path)
        let program = """
            import sys
            from tensorboard.backend.event_processing import event_accumulator
            from tensorboard.plugins.hparams import plugin_data_pb2
            reader = event_accumulator.EventAccumulator(sys.argv[1])
            reader.Reload()
            tags = reader.Tags()
            print("scalars", sorted(tags["scalars"]))
            print("images", sorted(tags["images"]))
            print([(image.step, image.width, image.height, image.encoded_image_string[1:4])
                for image in reader.Images("samples/student")])
            data = {tag: plugin_data_pb2.HParamsPluginData.FromString(content)
                for tag, content in reader.PluginTagToContent("hparams").items()}
            start = data["_hparams_/session_start_info"].session_start_info
            print({name: value.number_value or value.string_value for name, value in sorted(start.hparams.items())})
            print(start.group_name, data["_hparams_/session_end_info"].session_end_info.status)
            """
        let run = folder.file(record.run.point)
        let output = try ExternalTool.python(program, run).split(separator: "\n").map(String.init)
        #expect(
            output.contains("scalars ['evaluation/frechetDistance', 'training/gradientNorm', 'training/loss']"),
            "\(output)")
        #expect(output.contains("images ['samples/student', 'samples/teacher']"))
        #expect(output.contains { $0.hasPrefix("[(10, ") && $0.contains("(20, ") && $0.contains("b'PNG'") })
        #expect(output.contains("{'alpha': 0.5, 'objective': 'combined', 'seed': 1.0}"))
        #expect(output.contains("objective=combined,alpha=0.5 1"))
    }
}
