import Engine

/// Where a study's data come from, as its spec says it.
///
///     data: digits
///     data: {planar: {set: rings, count: 10000}}
///     data: {idx: {images: train-images-idx3-ubyte.gz, labels: train-labels-idx1-ubyte.gz}}
///     data: {cifar10: {files: [data_batch_1.bin, data_batch_2.bin]}}
///     data: {images: {folder: flowers}}
///     data: {latents: {file: latents.h5}}
///
/// The samples of images lie in [-1, 1]: a byte p becomes p / 127.5 − 1. Sources with files carry what these hold once somebody has
/// looked at them, which this module does not.
public enum DatasetSource: Codable, Hashable, Sendable, Validated {
    /// The bundled handwritten digits, `Dataset.digits()`.
    case digits
    /// `count` samples of a two-dimensional set; the same samples in every run.
    case planar(set: PlanarSet, count: Int)
    /// Grey images [count, height, width] and labels [count], bytes in IDX, plain or gzip. Without `classes` there are as many as
    /// the largest label asks for.
    case idx(images: DataPath, labels: DataPath?, classes: Int?, content: DataContent?)
    /// The binary batches of CIFAR-10: 3 × 32 × 32 and a label in 0...9 each.
    case cifar10(files: [DataPath], content: DataContent?)
    /// 8-bit PNG files of one size, grey or RGB; the sub-folders, where there are any, are the classes in the order of their names.
    case images(folder: DataPath, content: DataContent?)
    /// An HDF5 file with floats `latents` [count, channels, height, width] and, optionally, whole numbers `labels` [count]. Numbers
    /// `shift` (0) and `scale` (1), attributes of `latents`, one or one a channel, make samples of latents: (latent − shift) · scale.
    /// `classes`, an attribute of `labels`, may say how many there are.
    case latents(file: DataPath, content: DataContent?)

    /// The cases' names in a spec.
    public enum CodingKeys: String, CodingKey, CaseIterable { case digits, planar, idx, cifar10, images, latents }
    /// The names of what a case is given by, of each.
    public enum PlanarCodingKeys: String, CodingKey, CaseIterable { case set, count }
    public enum IdxCodingKeys: String, CodingKey, CaseIterable { case images, labels, classes, content }
    public enum Cifar10CodingKeys: String, CodingKey, CaseIterable { case files, content }
    public enum ImagesCodingKeys: String, CodingKey, CaseIterable { case folder, content }
    public enum LatentsCodingKeys: String, CodingKey, CaseIterable { case file, content }

    public func validate() throws(Violation) {
        switch self {
        case .planar(_, let count): try require(count, "planar.count", atLeast: 1, atMost: Most.setSize)
        case .idx(_, let labels, let classes?, _):
            try require(classes, "idx.classes", atLeast: 1, atMost: Most.classes)
            try require(labels != nil, "idx.classes", found: classes, allowed: "nothing, as there are no labels")
        case .cifar10(let files, _): try nonEmpty(files, "cifar10.files")
        case .digits, .idx, .images, .latents: break
        }
    }

    /// The set that needs no files but the package's own; nil for the others. Planar sets come without their components as classes:
    /// their samples are learned as one distribution.
    ///
    /// - Throws: the errors of `Dataset.digits()`.
    public func builtIn() throws -> Dataset? {
        switch self {
        case .digits: try .digits()
        case .planar(let set, let count):
            set.dataset(count: count, key: RandomKey(seed: 0).folding("data set").folding(set.rawValue)).unlabelled
        case .idx, .cifar10, .images, .latents: nil
        }
    }
}
