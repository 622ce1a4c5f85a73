import Tensors

/// The specification of a transformer over patches: a published size, `{size: XL/2, times: …}`, or each extent,
/// `{patch: 2, width: 64, depth: 4, heads: 4, times: …}`.
public struct SiTShape: Hashable, Sendable {
    /// The size of the transformer.
    public let extent: Extent
    /// The features of times, durations and guidance scales.
    public let times: Frequencies
    /// The output of the last layer; nil is the velocity alone.
    public let outputs: Outputs?
    /// The norm of queries and keys before the attention; nil is none.
    public let qkNorm: QueryKeyNorm.Kind?

    /// The size of a transformer, in the form that the specification has.
    public enum Extent: Hashable, Sendable {
        /// A published size.
        case named(SiTSize)
        /// Pixels along a patch, units of a token (a multiple of 4 and of the heads), blocks, heads.
        case free(patch: Int, width: Int, depth: Int, heads: Int)
    }

    /// The outputs of a last layer.
    public enum Outputs: String, Codable, Hashable, Sendable, CaseIterable {
        /// The velocity alone.
        case velocity
        /// The velocity and as many channels again, which nothing reads: the layout of the released SiT models, whose
        /// variance is not trained.
        case velocityAndVariance
    }

    /// A transformer's specification from its parts.
    public init(
        extent: Extent, times: Frequencies, outputs: Outputs? = nil, qkNorm: QueryKeyNorm.Kind? = nil
    ) {
        (self.extent, self.times, self.outputs, self.qkNorm) = (extent, times, outputs, qkNorm)
    }

    /// Pixels along a side of a patch.
    public var patch: Int {
        switch extent {
        case .named(let size): size.patch
        case .free(let patch, _, _, _): patch
        }
    }

    /// Units of a token.
    public var width: Int {
        switch extent {
        case .named(let size): size.model.width
        case .free(_, let width, _, _): width
        }
    }

    /// Blocks.
    public var depth: Int {
        switch extent {
        case .named(let size): size.model.depth
        case .free(_, _, let depth, _): depth
        }
    }

    /// Heads of the attention.
    public var heads: Int {
        switch extent {
        case .named(let size): size.model.heads
        case .free(_, _, _, let heads): heads
        }
    }

    /// Output channels for each channel of the image.
    public var outputFactor: Int { outputs == .velocityAndVariance ? 2 : 1 }
}

extension SiTShape: Validated {
    /// Checks the ranges of the settings.
    public func validate() throws(Violation) {
        try require(patch, "patch", atLeast: 1, atMost: Most.patch)
        try require(depth, "depth", atLeast: 1, atMost: Most.depth)
        try require(heads, "heads", atLeast: 1, atMost: Most.width)
        try require(
            width > 0 && width.isMultiple(of: 4) && width.isMultiple(of: heads), "width",
            found: width,
            allowed: "a positive multiple of 4 and of the \(heads) heads")
        try require(width, "width", atLeast: 1, atMost: Most.width)
    }
}

extension SiTShape: Codable {
    private enum CodingKeys: String, CodingKey { case size, patch, width, depth, heads, times, outputs, qkNorm }

    /// Decodes the value from a specification or a record.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        if let size = try container.decodeIfPresent(SiTSize.self, forKey: .size) {
            extent = .named(size)
        } else {
            extent = .free(
                patch: try container.decode(Int.self, forKey: .patch),
                width: try container.decode(Int.self, forKey: .width),
                depth: try container.decode(Int.self, forKey: .depth),
                heads: try container.decode(Int.self, forKey: .heads))
        }
        times = try container.decode(Frequencies.self, forKey: .times)
        outputs = try container.decodeIfPresent(Outputs.self, forKey: .outputs)
        qkNorm = try container.decodeIfPresent(QueryKeyNorm.Kind.self, forKey: .qkNorm)
    }

    /// Encodes the value as a specification or a record holds it.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch extent {
        case .named(let size): try container.encode(size, forKey: .size)
        case .free(let patch, let width, let depth, let heads):
            try container.encode(patch, forKey: .patch)
            try container.encode(width, forKey: .width)
            try container.encode(depth, forKey: .depth)
            try container.encode(heads, forKey: .heads)
        }
        try container.encode(times, forKey: .times)
        try container.encodeIfPresent(outputs, forKey: .outputs)
        try container.encodeIfPresent(qkNorm, forKey: .qkNorm)
    }
}
