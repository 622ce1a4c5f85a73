import FlowMaps
import Specification

/// A metric together with what samples are measured against.
public struct MeasuredMetric: Hashable, Sendable {
    /// The metric.
    public let metric: Metric
    /// The set that samples are measured against.
    public let reference: MetricReference

    /// A metric against the teacher's samples, the data, or moments in a file.
    public init(_ metric: Metric, against reference: MetricReference = .teacher) {
        (self.metric, self.reference) = (metric, reference)
    }

    /// The name of the score: `frechetDistance` against the teacher's samples, `frechetDistance.data` against the data,
    /// `frechetDistance.NAME` against the moments of a file.
    public var name: String { reference.named(metric.rawValue) }
}

extension MeasuredMetric: Codable, Validated {
    /// The mapping `{frechetDistance: {reference: data}}`.
    private struct Form: Codable {
        let metric: Metric
        let reference: MetricReference

        private struct Name: CodingKey, CaseIterable {
            static var allCases: [Name] { Metric.allCases.map(Name.init) }
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

    /// Decodes a metric by its name, or with the set that it is taken against.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if (try? container.decode(String.self)) != nil {
            self.init(try container.decode(Metric.self))
        } else {
            let form = try container.decode(Form.self)
            self.init(form.metric, against: form.reference)
        }
    }

    /// Encodes a metric in the form that a study writes.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch reference {
        case .teacher: try container.encode(metric)
        case .data, .statistics: try container.encode(Form(metric: metric, reference: reference))
        }
    }

    /// Checks that the metric can be taken against its reference.
    public func validate() throws(Violation) {
        switch reference {
        case .teacher:
            try require(
                metric.comparison != .trainingRows, metric.rawValue, found: "against the teacher",
                allowed: "{\(metric.rawValue): {reference: data}}, as a teacher's samples are no training rows")
        case .data:
            try require(
                metric.comparesSets, "\(metric.rawValue).reference", found: "data",
                allowed: "for this metric only teacher: it does not compare two sets of samples")
        case .statistics:
            try require(
                metric.comparison == .moments, "\(metric.rawValue).reference", found: "statistics",
                allowed: "for this metric \(metric.comparesSets ? "teacher or data" : "only teacher"): "
                    + "mean and covariance decide the Fréchet distance alone")
        }
    }
}
