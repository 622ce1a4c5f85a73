import Foundation
import TestSupport
import Testing

@testable import Study
@testable import Storage

@Suite("The format's own package")
struct SafetensorsToolTests {
    let folder = TemporaryFolder()

    @Test(
        "reads the names, shapes, numbers and metadata that are written here, and is read",
        .enabled(if: ExternalTool.hasSafetensors, "no safetensors here"))
    func bothWays() throws {
        let path = folder.file("model.safetensors"), numbers: [Float] = [0.5, -1, 2, 3, 4.25, -0.125]
        try Safetensors.write(
            [NamedTensor("weight", [2, 3], numbers), NamedTensor("bias", [1], [7])],
            metadata: [("origin", "Größe\n")], hashKey: "hash", to: path)
        let program = """
            import sys
            from safetensors import safe_open
            from safetensors.numpy import save_file
            with safe_open(sys.argv[1], "np") as file:
                print(sorted(file.metadata()), repr(file.metadata()["origin"]))
                tensors = {name: file.get_tensor(name) for name in file.keys()}
            for name, tensor in sorted(tensors.items()):
                print(name, tensor.dtype, tensor.shape, tensor.tolist())
            save_file({name: 2 * tensor for name, tensor in tensors.items()}, sys.argv[1] + ".twice")
            """
        #expect(
            try ExternalTool.python(program, path) == """
                ['hash', 'origin'] 'Größe\\n'
                bias float32 (1,) [7.0]
                weight float32 (2, 3) [[0.5, -1.0, 2.0], [3.0, 4.25, -0.125]]

                """)
        let twice = try Safetensors(path + ".twice")
        #expect(twice.names.sorted() == ["bias", "weight"])
        #expect(try twice.values("weight", shape: [2, 3]) == numbers.map { 2 * $0 })
    }
}
