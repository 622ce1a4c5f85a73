/// A metric together with what samples are measured against.
public struct MeasuredMetric: Hashable, Sendable {
    public let metric: Metric
    public let reference: MetricReference

    public init(_ metric: Metric, against reference: MetricReference = .teacher) {
        (self.metric, self.reference) = (metric, reference)
    }

    /// The name of the score: `frechetDistance` against the teacher's samples, `frechetDistance.data` against the data.
    public var name: String {
        switch reference {
        case .teacher: metric.rawValue
        case .data: "\(metric.rawValue).data"
        }
    }
}

/// What samples are measured against.
public enum MetricReference: String, Codable, Hashable, Sendable, CaseIterable {
    /// Samples of the teacher, as many as of the student, from noise of their own.
    case teacher
    /// All rows of the data set, as they are, with samples drawn in the shares of its classes.
    case data
}

extension Metric {
    /// Whether the metric compares two sets of samples, so that it may be taken against the data too.
    public var comparesSets: Bool {
        switch self {
        case .frechetDistance, .slicedWasserstein, .kernelDistance, .precision, .recall, .density, .coverage,
            .varianceRatio, .energyDistance, .meanDiscrepancy, .memorisation:
            true
        case .pairedError, .classAccuracy, .classifierScore, .coveredModes, .highQualityShare, .modeVariation, .drift:
            false
        }
    }
}

extension MeasuredMetric: Codable, Validated {
    /// The mapping `{frechetDistance: {reference: data}}`.
    private struct Form: Codable {
        let metric: Metric
        let reference: MetricReference

        private struct Name: CodingKey {
            let stringValue: String
            var intValue: Int? { nil }
            init(_ metric: Metric) { stringValue = metric.rawValue }
            init?(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }

        private struct Choice: Codable { let reference: MetricReference }

        init(metric: Metric, reference: MetricReference) { (self.metric, self.reference) = (metric, reference) }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Name.self)
            let names = container.allKeys.map(\.stringValue)
            guard names.count == 1, let metric = Metric(rawValue: names[0]) else {
                throw Violation(
                    key: nil, found: names.joined(separator: ", "),
                    allowed: "one metric's name: \(Metric.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            self.metric = metric
            reference = try container.decode(Choice.self, forKey: Name(metric)).reference
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Name.self)
            try container.encode(Choice(reference: reference), forKey: Name(metric))
        }
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if (try? container.decode(String.self)) != nil {
            self.init(try container.decode(Metric.self))
        } else {
            let form = try container.decode(Form.self)
            self.init(form.metric, against: form.reference)
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch reference {
        case .teacher: try container.encode(metric)
        case .data: try container.encode(Form(metric: metric, reference: reference))
        }
    }

    public func validate() throws(Violation) {
        switch reference {
        case .teacher:
            try require(
                metric != .memorisation, metric.rawValue, found: "against the teacher",
                allowed: "{memorisation: {reference: data}}, as a teacher's samples are no training rows")
        case .data:
            try require(
                metric.comparesSets, "\(metric.rawValue).reference", found: "data",
                allowed: "for this metric only teacher: it does not compare two sets of samples")
        }
    }
}
