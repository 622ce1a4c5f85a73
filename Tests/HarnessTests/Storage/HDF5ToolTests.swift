import Foundation
import Storage
import TestSupport
import Testing

@Suite("Other programs read the HDF5 files")
struct HDF5ToolTests {
    let folder = TemporaryFolder()
    var path: String { folder.file("run.h5") }

    private func writeStudy() throws {
        try HDF5File.write(to: path) { root in
            try root.setAttribute("name", "Größe")
            try root.setAttribute("converged", true)
            try root.setAttribute("seed", 3)
            try root.setAttribute("rate", 0.5)
            try root.writeScale("step", [0, 100] as [Int64])
            let metrics = try root.group("metrics")
            try metrics.writeScale("arm", ["λ=0", "λ=1", "both"])
            try metrics.write("loss", [1, 2, 3, 4, 5, 6] as [Float], shape: [3, 2], dimensions: ["arm", "step"])
                .setAttribute("units", "1")
            try metrics.write("note", ["text"], shape: [])
            let samples = try root.group("samples")
            try samples.writeScale("sample", count: 10)
            try samples.writeScale("element", count: 100)
            try samples.write(
                "noise", (0..<1000).map(Float.init), shape: [10, 100], dimensions: ["sample", "element"])
        }
    }

    @Test("h5dump lists the types, the filters and the scales", .enabled(if: ExternalTool.hasH5dump, "no h5dump here"))
    func dump() throws {
        try writeStudy()
        let header = ExternalTool.run("h5dump -p -H '\(path)'").output
        for part in [
            #"GROUP "metrics""#, #"DATASET "loss""#, "H5T_IEEE_F32LE", "H5T_STD_I64LE", "H5T_CSET_UTF8",
            #"ATTRIBUTE "DIMENSION_LIST""#, #"ATTRIBUTE "converged""#, "COMPACT", "CHUNKED ( 10, 100 )",
            "PREPROCESSING SHUFFLE", "COMPRESSION DEFLATE { LEVEL 4 }", "CHECKSUM FLETCHER32",
        ] {
            #expect(header.contains(part), "no \(part) in\n\(header)")
        }
    }

    @Test("a large array is cut in chunks of at most 256 KiB", .enabled(if: ExternalTool.hasH5dump, "no h5dump here"))
    func chunks() throws {
        try HDF5File.write(to: path) { root in
            let values = [Float](repeating: 0, count: 5 * 200 * 301)
            try root.write("x", values, shape: [5, 200, 301])
        }
        // 5 · 200 · 301 · 4 bytes; halved to 3, 2 and 1 images: 240 800 bytes.
        #expect(ExternalTool.run("h5dump -p -H '\(path)'").output.contains("CHUNKED ( 1, 200, 301 )"))
    }

    @Test("h5py reads names, types, attributes and scales", .enabled(if: ExternalTool.hasH5py, "no h5py here"))
    func h5py() throws {
        try writeStudy()
        let program = """
            import sys, h5py
            with h5py.File(sys.argv[1], "r") as file:
                print(sorted(file), sorted(file["metrics"]))
                print({name: (type(value).__name__, str(value)) for name, value in sorted(file.attrs.items())})
                loss = file["metrics/loss"]
                print(loss.dtype.str, loss.shape, loss[...].tolist(), loss.attrs["units"])
                print([axis[0].name for axis in loss.dims], file["step"].is_scale)
                print(file["metrics/arm"].asstr()[...].tolist(), file["metrics/note"].asstr()[()])
                noise = file["samples/noise"]
                print(loss.chunks, noise.chunks, noise.compression, noise.compression_opts, noise.shuffle, noise.fletcher32)
            """
        #expect(
            try ExternalTool.python(program, path) == """
                ['metrics', 'samples', 'step'] ['arm', 'loss', 'note']
                {'converged': ('bool', 'True'), 'name': ('str', 'Größe'), 'rate': ('float64', '0.5'), 'seed': ('int64', '3')}
                <f4 (3, 2) [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]] 1
                ['/metrics/arm', '/step'] True
                ['λ=0', 'λ=1', 'both'] text
                None (10, 100) gzip 4 True True

                """)
    }

    @Test("xarray opens the tree with named coordinates", .enabled(if: ExternalTool.hasXarray, "no xarray here"))
    func xarray() throws {
        try writeStudy()
        let program = """
            import sys, xarray
            tree = xarray.open_datatree(sys.argv[1], engine="h5netcdf")
            loss = tree["metrics/loss"]
            print(loss.dims, loss.sel(arm="both", step=100).item())
            print(loss.coords["step"].values.tolist(), loss.coords["arm"].values.tolist())
            print(tree.attrs["name"], tree["metrics/note"].item())
            """
        #expect(
            try ExternalTool.python(program, path) == """
                ('arm', 'step') 6.0
                [0, 100] ['λ=0', 'λ=1', 'both']
                Größe text

                """)
    }
}
