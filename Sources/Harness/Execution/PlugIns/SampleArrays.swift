import FlowMaps
import Foundation
import Storage

/// Samples in the forms that other programs read.
struct SampleArrays {
    /// [count · dimension], an image's numbers as [channels, height, width].
    let values: [Float]
    /// The length of one sample.
    let dimension: Int
    /// The shape of a sample that is an image or a latent; nil of a point.
    let image: ImageShape?
    /// The values that become the bytes 0 and 255; nil of numbers without such a range.
    let range: ClosedRange<Float>?
    /// The class of each sample; nil without classes.
    let labels: [Int]?

    var count: Int { values.count / dimension }

    /// The samples as bytes, b = ⌊255 · (x − low) / (high − low) + ½⌋ within 0...255, of those that have a range.
    private func bytes(_ numbers: [Float], _ range: ClosedRange<Float>) -> [UInt8] {
        let (low, width) = (range.lowerBound, max(range.upperBound - range.lowerBound, 1e-5))
        return numbers.map { value in
            let unit = ((value.isNaN ? low : value) - low) / width
            return UInt8(min(max(unit * 255 + 0.5, 0), 255))
        }
    }

    /// The numbers of images with the channels last, [count, height, width, channels]; others as they are.
    private var channelsLast: [Float] {
        guard let image, image.channels > 1 else { return values }
        let places = image.height * image.width
        return [Float](unsafeUninitializedCapacity: values.count) { result, initialized in
            for start in stride(from: 0, to: values.count, by: dimension) {
                for place in 0..<places {
                    for channel in 0..<image.channels {
                        (result.baseAddress! + start + place * image.channels + channel).initialize(
                            to: values[start + channel * places + place])
                    }
                }
            }
            initialized = values.count
        }
    }

    private var shape: [Int] {
        [count] + (image.map { [$0.height, $0.width, $0.channels] } ?? [dimension])
    }

    /// An archive as ADM's evaluator reads it: `arr_0`, bytes [count, height, width, channels] of images with a range, float32 of
    /// others, and `arr_1`, the labels. Nil for more than the format holds.
    func archive() -> Data? {
        guard let range, image != nil else { return float32Archive() }
        return archive(NumPyArray.file(bytes(channelsLast, range), shape: shape))
    }

    /// The same with the numbers as they are.
    func float32Archive() -> Data? { archive(NumPyArray.file(channelsLast, shape: shape)) }

    private func archive(_ samples: Data) -> Data? {
        var files = [(name: "arr_0.npy", bytes: samples)]
        if let labels { files.append(("arr_1.npy", NumPyArray.file(labels.map(Int64.init), shape: [count]))) }
        return ZipArchive.stored(files)
    }

    /// They can be written as pictures: images of one or three channels.
    var arePictures: Bool { range != nil && (image?.channels == 1 || image?.channels == 3) }

    /// Writes a PNG of each sample in a folder, `000000.png` and on.
    /// - Throws: `FileError`, `PNGError`.
    func writePictures(to folder: String) throws {
        guard let image, let range, arePictures else { preconditionFailure("samples that are no pictures") }
        let pixels = bytes(channelsLast, range)
        for index in 0..<count {
            let picture = PNGImage(
                width: image.width, height: image.height, color: image.channels == 1 ? .grey : .rgb,
                pixels: Array(pixels[index * dimension..<(index + 1) * dimension]))
            try picture.write(to: "\(folder)/\(String(format: "%06d", index)).png")
        }
    }
}
