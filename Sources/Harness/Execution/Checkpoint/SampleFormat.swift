import FlowMaps
import Foundation
import Results
import Storage
import Study

/// The forms in which samples are written.
package enum SampleFormat: String, CaseIterable, Sendable {
    /// `samples.h5` with samples, noise and labels, and `grid.png` of images.
    case hdf5
    /// `samples.npz` as ADM's evaluator reads it: `arr_0`, bytes [count, height, width, channels] of images or float32
    /// [count, dimension] of other samples, and `arr_1`, the labels; `noise.npy` beside it.
    case npz
    /// A folder `images` of one PNG a sample, `000000.png` and on, with `labels.txt`, a class a line, and `noise.npy` beside it.
    case png
}

extension CheckpointSampling.Samples {
    /// Writes the samples in a folder, in one of the forms that evaluators read.
    /// - Returns: the files written; of single pictures their folder.
    /// - Throws: `FileError` where one of them is there already, `Violation` for samples that have no such form.
    package func write(
        _ checkpoint: Checkpoint, by sampling: CheckpointSampling, as format: SampleFormat, to folder: String
    ) throws -> [String] {
        switch format {
        case .hdf5: try write(checkpoint, by: sampling, to: folder)
        case .npz: try writeNumPy(checkpoint.description, to: folder)
        case .png: try writePictures(checkpoint.description, to: folder)
        }
    }

    private func writeNumPy(_ description: CheckpointDescription, to folder: String) throws -> [String] {
        let archive = "\(folder)/samples.npz", noisePath = "\(folder)/noise.npy"
        for path in [archive, noisePath] { try refuseExisting(path, attempt: "write the samples") }
        try ResultsFolder.create(folder)
        let count = values.count / description.dimension
        let samples: Data
        if let image = description.image, image.channels == 1 || image.channels == 3 {
            let pixels = pictures(description, image).flatMap(\.pixels)
            samples = NumPyArray.file(pixels, shape: [count, image.height, image.width, image.channels])
        } else {
            samples = NumPyArray.file(values, shape: [count, description.dimension])
        }
        var files = [(name: "arr_0.npy", bytes: samples)]
        if let labels { files.append(("arr_1.npy", NumPyArray.file(labels.map(Int64.init), shape: [count]))) }
        guard let bytes = ZipArchive.stored(files) else {
            throw Violation(
                key: "--format", found: "npz of \(samples.count) bytes", allowed: "fewer samples, or hdf5 or png")
        }
        try AtomicFile.write(bytes, to: archive)
        try writeNoise(description, to: noisePath)
        return [archive, noisePath]
    }

    private func writePictures(_ description: CheckpointDescription, to folder: String) throws -> [String] {
        guard let image = description.image, image.channels == 1 || image.channels == 3 else {
            throw Violation(
                key: "--format", found: "png", allowed: "hdf5 or npz, as samples are no images of 1 or 3 channels")
        }
        let pictureFolder = "\(folder)/images", noisePath = "\(folder)/noise.npy", labelPath = "\(folder)/labels.txt"
        for path in [pictureFolder, noisePath, labelPath] { try refuseExisting(path, attempt: "write the samples") }
        try ResultsFolder.create(pictureFolder)
        for (index, picture) in pictures(description, image).enumerated() {
            try picture.write(to: "\(pictureFolder)/\(String(format: "%06d", index)).png")
        }
        try writeNoise(description, to: noisePath)
        guard let labels else { return [pictureFolder, noisePath] }
        try AtomicFile.write(Array(labels.map { "\($0)\n" }.joined().utf8), to: labelPath)
        return [pictureFolder, labelPath, noisePath]
    }

    private func writeNoise(_ description: CheckpointDescription, to path: String) throws {
        let shape = [noise.count / description.dimension, description.dimension]
        try AtomicFile.write(NumPyArray.file(noise, shape: shape), to: path)
    }

    /// Each sample as a picture of bytes, with the range of the data as black and white.
    private func pictures(_ description: CheckpointDescription, _ image: CheckpointDescription.Image) -> [PNGImage] {
        let range = description.range.map { Float($0.low)...Float($0.high) } ?? -1...1
        let size = description.dimension
        return stride(from: 0, to: values.count, by: size).map { start in
            ImageGrid(
                Array(values[start..<start + size]), shape: [1, image.channels, image.height, image.width],
                valueRange: range
            ).image
        }
    }
}
