import Foundation
import Specification
import Storage
import Study

/// Reads what a program answered.
enum PlugInAnswer {
    /// An answer of another form: what was found, and what is allowed.
    struct Refusal: Error { let found, allowed: String }

    /// The most bytes of an answer in JSON.
    private static let mostBytes = 1 << 20

    private static let form = "one JSON object of named numbers, in scores.json or on standard output"

    /// The numbers of the requested names, from JSON; other names are passed over.
    /// - Parameter text: the whole of a file, or of standard output, of which the last line may be the answer alone.
    static func scores(_ names: [String], in text: String) throws -> [Double] {
        guard let values = object(text) ?? lastLine(text).flatMap(object) else {
            let isNumber = text.contains("NaN") || text.contains("Infinity")
            let end = text.trimmingCharacters(in: .whitespacesAndNewlines).suffix(80)
            let shown = end.isEmpty ? "nothing" : "'\(String(end).onOneLine)'"
            throw Refusal(
                found: "answered \(isNumber ? "a number that is none: " : "")\(shown)", allowed: form)
        }
        return try names.map { name in
            guard case .number(let value)? = values[name] else {
                let known = values.isEmpty ? "no names" : values.keys.sorted().prefix(20).joined(separator: ", ")
                throw Refusal(found: "answered no number '\(name)', but \(known)", allowed: form)
            }
            guard value.isFinite else {
                throw Refusal(found: "answered \(value) for '\(name)'", allowed: "a finite number")
            }
            return value
        }
    }

    /// A value of the answer.
    private enum Value: Decodable {
        case number(Double)
        case other

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            let isTruth = (try? container.decode(Bool.self)) != nil
            if !isTruth, let number = try? container.decode(Double.self) {
                self = .number(number)
            } else {
                self = .other
            }
        }
    }

    private static func object(_ text: String) -> [String: Value]? {
        try? JSONDecoder().decode([String: Value].self, from: Data(text.utf8))
    }

    private static func lastLine(_ text: String) -> String? {
        text.split(whereSeparator: \.isNewline).last.map(String.init)
    }

    /// The text of an answer; nil where there is no such file.
    static func text(of path: String) throws -> String? {
        guard FileKind(path) != nil else { return nil }
        if let fault = RegularFile.fault(of: path) { throw Refusal(found: "answered \(fault)", allowed: form) }
        guard let bytes = FileManager.default.contents(atPath: path) else { return nil }
        guard bytes.count <= mostBytes else {
            throw Refusal(found: "answered \(bytes.count) bytes", allowed: "at most \(mostBytes)")
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The features [count, width] of an `.npy` file.
    static func features(_ path: String, count: Int) throws -> (values: [Float], width: Int) {
        let (values, shape) = try rows(path, count, allowed: "features.npy, float32 [\(count), width]") {
            $0.count == 2 && $0[1] > 0
        }
        return (values, shape[1])
    }

    /// The verdicts [count] of an `.npy` file.
    static func verdicts(_ path: String, count: Int) throws -> [Double] {
        try rows(path, count, allowed: "scores.npy, float32 [\(count)]") { $0.count == 1 }.values.map(Double.init)
    }

    /// The finite numbers of an `.npy` file with so many rows, whose shape is as the caller wants it.
    private static func rows(
        _ path: String, _ count: Int, allowed: String, where isRight: ([Int]) -> Bool
    ) throws -> (values: [Float], shape: [Int]) {
        guard FileKind(path) != nil else {
            throw Refusal(found: "left no \((path as NSString).lastPathComponent)", allowed: allowed)
        }
        let array: StoredArray
        do { array = try ArrayFile(path).array(nil) } catch let error as ArrayError {
            throw Refusal(found: "answered \(error.found)", allowed: allowed)
        } catch { throw Refusal(found: "answered what cannot be read: \(error)", allowed: allowed) }
        guard array.shape.first == count, isRight(array.shape) else {
            throw Refusal(found: "answered an array of shape \(array.shape)", allowed: allowed)
        }
        let values = try array.floats(0..<count)
        guard values.allSatisfy(\.isFinite) else {
            throw Refusal(found: "answered numbers that are not finite", allowed: "finite numbers")
        }
        return (values, array.shape)
    }
}
