import FlowMaps
import Specification

/// An entry of `evaluation.metrics`: a metric with what it is measured against, or a program that answers scores.
public enum EvaluationMetric: Hashable, Sendable {
    case measured(MeasuredMetric)
    case plugIn(PlugIn)

    /// The names of its scores.
    package var scoreNames: [String] {
        switch self {
        case .measured(let metric): [metric.name]
        case .plugIn(let program): program.scoreNames
        }
    }

    /// The set that it is measured against.
    package var reference: MetricReference {
        switch self {
        case .measured(let metric): metric.reference
        case .plugIn(let program): program.measuredAgainst
        }
    }

    /// The metric of this program's own with what it is measured against; nil for a plug-in.
    package var measured: MeasuredMetric? { if case .measured(let measured) = self { measured } else { nil } }

    /// The metric of this program's own; nil for a plug-in.
    package var metric: Metric? { measured?.metric }

    /// The same with the content of its files.
    func resolved() throws -> EvaluationMetric {
        switch self {
        case .measured(let measured):
            guard case .statistics(let file) = measured.reference else { return self }
            do {
                return .measured(MeasuredMetric(measured.metric, against: .statistics(try file.resolved())))
            } catch let violation as Violation {
                throw violation.under("evaluation.metrics")
            }
        case .plugIn(let program):
            do { return .plugIn(try program.resolved()) } catch let violation as Violation {
                throw violation.under("evaluation.metrics")
            }
        }
    }

    /// Its content is in files that must be read before its identity is known.
    var hasFiles: Bool {
        switch self {
        case .measured(let measured): if case .statistics = measured.reference { true } else { false }
        case .plugIn: true
        }
    }
}

extension EvaluationMetric: Codable {
    /// Decodes a plug-in where there is a `command`, else a metric.
    public init(from decoder: any Decoder) throws {
        if decoder.hasKey(PlugIn.CodingKeys.command.rawValue) {
            self = .plugIn(try decoder.singleValueContainer().decode(PlugIn.self))
        } else {
            self = .measured(try decoder.singleValueContainer().decode(MeasuredMetric.self))
        }
    }

    /// Encodes the entry in the form that a study writes.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .measured(let metric): try container.encode(metric)
        case .plugIn(let program): try container.encode(program)
        }
    }
}
