import Tensors

/// The shape of one image; a sample holds it channel by channel, row by row.
public struct ImageShape: Sendable, Hashable {
    public let channels, height, width: Int

    public init(channels: Int, height: Int, width: Int) {
        self.channels = channels
        self.height = height
        self.width = width
    }
}

/// A finite set of samples of one dimension, with labels where it has them.
public struct Dataset: Sendable {
    /// What the set is called in records and figures.
    public let name: String
    /// The samples, row-major `[count × dimension]`.
    public let samples: [Float]
    /// The numbers in one sample.
    public let dimension: Int
    /// The class of each sample in `0 ..< classCount`, `[count]`, or nil.
    public let labels: [Int]?
    /// The number of classes; zero where there are no labels.
    public let classCount: Int
    /// The shape of a sample that is an image.
    public let imageShape: ImageShape?
    /// The range that holds every value, where the set has one.
    public let valueRange: ClosedRange<Float>?

    /// The number of samples.
    public var count: Int { samples.count / dimension }

    public init(
        name: String, samples: [Float], dimension: Int, labels: [Int]? = nil, classCount: Int = 0,
        imageShape: ImageShape? = nil, valueRange: ClosedRange<Float>? = nil
    ) {
        precondition(
            dimension > 0 && samples.count.isMultiple(of: dimension),
            "\(name): samples of dimension \(dimension), given \(samples.count) numbers")
        let count = samples.count / dimension
        if let labels {
            precondition(labels.count == count, "\(name): \(count) samples and \(labels.count) labels")
            precondition(
                labels.allSatisfy { (0..<classCount).contains($0) }, "\(name): a label outside 0..<\(classCount)")
        } else {
            precondition(classCount == 0, "\(name): \(classCount) classes without labels")
        }
        if let shape = imageShape {
            precondition(
                shape.channels * shape.height * shape.width == dimension,
                "\(name): images [\(shape.channels), \(shape.height), \(shape.width)] of dimension \(dimension)")
        }
        self.name = name
        self.samples = samples
        self.dimension = dimension
        self.labels = labels
        self.classCount = classCount
        self.imageShape = imageShape
        self.valueRange = valueRange
    }

    /// The same samples without classes.
    public var unlabelled: Dataset {
        Dataset(
            name: name, samples: samples, dimension: dimension, labels: nil, classCount: 0, imageShape: imageShape,
            valueRange: valueRange)
    }

    /// The samples at the given places, in the order given.
    public func selecting(_ places: [Int]) -> Dataset {
        var selected: [Float] = []
        selected.reserveCapacity(places.count * dimension)
        for place in places { selected += samples[place * dimension..<(place + 1) * dimension] }
        return Dataset(
            name: name, samples: selected, dimension: dimension, labels: labels.map { all in places.map { all[$0] } },
            classCount: classCount, imageShape: imageShape, valueRange: valueRange)
    }

    /// What decides on which side of a split a sample falls.
    public enum SplitKey: Sendable {
        /// Its place, for sets whose order is fixed.
        case place
        /// Its values, for sets that come from files: whatever their order, a sample stays on its side, and so do its copies.
        case content
    }

    /// Splits the set by a hash of each sample's place or values: about `fraction` of the samples, in 0...1, are held out.
    ///
    /// The split is the same in every run, and samples added at the end move none of the others across.
    public func split(heldOut fraction: Double, by splitKey: SplitKey = .place) -> (training: Dataset, heldOut: Dataset)
    {
        precondition((0...1).contains(fraction), "a held-out share of \(fraction): it must be in 0...1")
        let key = RandomKey(seed: 0).folding("held-out split")
        let heldOut = (0..<count).map { place in
            let number =
                switch splitKey {
                case .place: place
                case .content: contentHash(of: place)
                }
            // The top 53 bits as a number in [0, 1).
            return Double(key.folding(number).bits >> 11) * 0x1p-53 < fraction
        }
        return (
            selecting(heldOut.indices.filter { !heldOut[$0] }), selecting(heldOut.indices.filter { heldOut[$0] })
        )
    }

    /// FNV-1a over the bit patterns of a sample's values: offset basis and prime of its 64-bit form.
    private func contentHash(of place: Int) -> Int {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for value in samples[place * dimension..<(place + 1) * dimension] {
            hash = (hash ^ UInt64(value.bitPattern)) &* 0x100_0000_01b3
        }
        return Int(bitPattern: UInt(hash))
    }
}
