import FlowMaps
import Foundation
import Results
import Storage
import Study

/// The forms in which samples are written.
package enum SampleFormat: String, CaseIterable, Sendable {
    /// `samples.h5` with samples, noise and labels, and `grid.png` of images.
    case hdf5
    /// `samples.npz` as ADM's evaluator reads it: `arr_0`, bytes [count, height, width, channels] of images, float32 of the same shape of
    /// latents or [count, dimension] of points, and `arr_1`, the labels; `noise.npy` beside it.
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
        guard let bytes = arrays(description).archive() else {
            throw Violation(
                key: "--format", found: "npz of \(values.count) numbers", allowed: "fewer samples, or hdf5 or png")
        }
        try AtomicFile.write(bytes, to: archive)
        try writeNoise(description, to: noisePath)
        return [archive, noisePath]
    }

    private func writePictures(_ description: CheckpointDescription, to folder: String) throws -> [String] {
        let arrays = arrays(description)
        guard arrays.arePictures else {
            throw Violation(
                key: "--format", found: "png", allowed: "hdf5 or npz, as samples are no images of 1 or 3 channels")
        }
        let pictureFolder = "\(folder)/images", noisePath = "\(folder)/noise.npy", labelPath = "\(folder)/labels.txt"
        for path in [pictureFolder, noisePath, labelPath] { try refuseExisting(path, attempt: "write the samples") }
        try ResultsFolder.create(pictureFolder)
        try arrays.writePictures(to: pictureFolder)
        try writeNoise(description, to: noisePath)
        guard let labels else { return [pictureFolder, noisePath] }
        try AtomicFile.write(Array(labels.map { "\($0)\n" }.joined().utf8), to: labelPath)
        return [pictureFolder, labelPath, noisePath]
    }

    private func writeNoise(_ description: CheckpointDescription, to path: String) throws {
        let shape = [noise.count / description.dimension, description.dimension]
        try AtomicFile.write(NumPyArray.file(noise, shape: shape), to: path)
    }

    /// The samples with the range of the data as the bytes 0 and 255; images whose range is not known have that of [-1, 1], other
    /// numbers of several channels none.
    private func arrays(_ description: CheckpointDescription) -> SampleArrays {
        let image = description.image.map { ImageShape(channels: $0.channels, height: $0.height, width: $0.width) }
        let isPicture = image?.channels == 1 || image?.channels == 3
        let known = description.range.map { Float($0.low)...Float($0.high) }
        return SampleArrays(
            values: values, dimension: description.dimension, image: image, range: known ?? (isPicture ? -1...1 : nil),
            labels: labels)
    }
}
