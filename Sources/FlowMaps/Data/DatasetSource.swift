import Tensors

/// The source of a study's data, as its specification has it.
///
///     data: digits
///     data: {planar: {set: rings, count: 10000}}
///     data: {idx: {images: train-images-idx3-ubyte.gz, labels: train-labels-idx1-ubyte.gz}}
///     data: {cifar10: {files: [data_batch_1.bin, data_batch_2.bin]}}
///     data: {cifar100: {files: [train.bin], labels: fine}}
///     data: {images: {folder: flowers, size: 64}}
///     data: {arrays: {file: images.npz, dataset: images, labels: classes, layout: nhwc}}
///     data: {latents: {file: latents.h5}}
///
/// The samples of images lie in [-1, 1]: a byte p becomes p / 127.5 − 1. Sources with files carry their content once
/// a `DatasetInspector` has read it; this module opens no file.
public enum DatasetSource: Codable, Hashable, Sendable, Validated {
    /// The bundled handwritten digits, `Dataset.digits()`.
    case digits
    /// `count` samples of a two-dimensional set; the same samples in every run.
    case planar(set: PlanarSet, count: Int)
    /// Grey images [count, height, width], or images of several channels in a `layout` of four axes, and labels
    /// [count], in IDX, plain or gzip; bytes are pixels, other numbers are read unscaled. Without `classes` their
    /// number is the largest label plus one.
    case idx(
        images: DataPath, labels: DataPath?, classes: Int?, layout: ArrayLayout? = nil, content: DataContent?)
    /// The binary batches of CIFAR-10: 3 × 32 × 32 and a label in 0...9 each.
    case cifar10(files: [DataPath], content: DataContent?)
    /// The binary batches of CIFAR-100: two labels, the coarse and the fine one, and 3 × 32 × 32 bytes each.
    case cifar100(files: [DataPath], labels: CIFAR100Labels, content: DataContent?)
    /// PNG and JPEG files, of one size or cropped and resampled to squares of `size`; the folders in it, where there are any, are the
    /// classes in the order of their names. `background` lies behind pixels that are not opaque.
    case images(folder: DataPath, size: Int? = nil, background: ImageBackground? = nil, content: DataContent?)
    /// One array of a NumPy, safetensors or HDF5 file: images of four axes in a `layout`, grey ones [count, height, width], or points
    /// of the plane [count, 2]. `dataset` names it where the file has several; `labels` names another array of the file, or of
    /// `labelFile`. Bytes are pixels, other numbers (value − `shift`) · `scale`.
    case arrays(
        file: DataPath, dataset: String? = nil, labels: String? = nil, labelFile: DataPath? = nil,
        layout: ArrayLayout? = nil, classes: Int? = nil, shift: Double? = nil, scale: Double? = nil,
        content: DataContent?)
    /// An HDF5 file with floats `latents` [count, channels, height, width] and, optionally, whole numbers `labels`
    /// [count]. Attributes `shift` (0) and `scale` (1) of `latents`, a number or one per channel, define a sample as
    /// (latent − shift) · scale. An attribute `classes` of `labels` may give their number.
    case latents(file: DataPath, layout: ArrayLayout? = nil, content: DataContent?)

    /// The names of the cases in a specification.
    public enum CodingKeys: String, CodingKey, CaseIterable {
        case digits, planar, idx, cifar10, cifar100, images, arrays, latents
    }
    /// The keys of `planar`.
    public enum PlanarCodingKeys: String, CodingKey, CaseIterable { case set, count }
    /// The keys of `idx`.
    public enum IdxCodingKeys: String, CodingKey, CaseIterable { case images, labels, classes, layout, content }
    /// The keys of `cifar10`.
    public enum Cifar10CodingKeys: String, CodingKey, CaseIterable { case files, content }
    /// The keys of `cifar100`.
    public enum Cifar100CodingKeys: String, CodingKey, CaseIterable { case files, labels, content }
    /// The keys of `images`.
    public enum ImagesCodingKeys: String, CodingKey, CaseIterable { case folder, size, background, content }
    /// The keys of `arrays`.
    public enum ArraysCodingKeys: String, CodingKey, CaseIterable {
        case file, dataset, labels, labelFile, layout, classes, shift, scale, content
    }
    /// The keys of `latents`.
    public enum LatentsCodingKeys: String, CodingKey, CaseIterable { case file, layout, content }

    /// The most classes: each has a row in the networks' tables.
    public static let mostClasses = 1 << 20
    /// The longest side of images that are resampled: more than any network here is trained on.
    private static let largestSide = 4096

    /// Checks the ranges of the settings.
    public func validate() throws(Violation) {
        switch self {
        case .planar(_, let count): try require(count, "planar.count", atLeast: 1, atMost: Most.setSize)
        case .idx(_, let labels, let classes?, _, _):
            try require(classes, "idx.classes", in: 1...Self.mostClasses)
            try require(labels != nil, "idx.classes", found: classes, allowed: "nothing, as there are no labels")
        case .cifar10(let files, _): try nonEmpty(files, "cifar10.files")
        case .cifar100(let files, _, _): try nonEmpty(files, "cifar100.files")
        case .images(_, let size?, _, _): try require(size, "images.size", in: 1...Self.largestSide)
        case .arrays(_, _, let labels, let labelFile, _, let classes, let shift, let scale, _):
            try require(classes ?? 1, "arrays.classes", in: 1...Self.mostClasses)
            try require(
                classes == nil || labels != nil || labelFile != nil, "arrays.classes", found: classes ?? 0,
                allowed: "nothing, as there are no labels")
            try require((shift ?? 0).isFinite, "arrays.shift", found: shift ?? 0, allowed: "a finite number")
            try require(
                (scale ?? 1).isFinite && scale != 0, "arrays.scale", found: scale ?? 1,
                allowed: "a finite number that is not 0")
        case .digits, .idx, .images, .latents: break
        }
    }

    /// The data set if it needs no files but the package's own; nil for the others. Planar sets come without their
    /// components as classes: their samples are learned as one distribution.
    ///
    /// - Throws: the errors of `Dataset.digits()`.
    public func builtIn() throws -> Dataset? {
        switch self {
        case .digits: try .digits()
        case .planar(let set, let count):
            set.dataset(count: count, key: RandomKey(seed: 0).folding("data set").folding(set.rawValue)).unlabelled
        case .idx, .cifar10, .cifar100, .images, .arrays, .latents: nil
        }
    }
}

/// The order of the four axes of an array of images.
public enum ArrayLayout: String, Codable, Hashable, Sendable, CaseIterable {
    /// [count, channels, height, width], as PyTorch has them.
    case nchw
    /// [count, height, width, channels], as NumPy, Pillow and JAX have them.
    case nhwc
}

/// The two labels of CIFAR-100's images.
public enum CIFAR100Labels: String, Codable, Hashable, Sendable, CaseIterable {
    /// 100 classes.
    case fine
    /// 20 classes of five fine ones each.
    case coarse
}
