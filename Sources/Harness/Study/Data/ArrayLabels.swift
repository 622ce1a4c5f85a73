import FlowMaps
import Specification
import Storage

/// The classes of samples, whole numbers of any type in an array [count] or [count, 1].
struct ArrayLabels {
    let values: [Int]
    let classes: Int
    /// The identity of a separate file of labels.
    let fileIdentity: Identity?
    let isSelfContained: Bool

    /// - Returns: nil where the choice names no labels.
    init?(_ choice: ArrayData.Choice, in file: ArrayFile, _ place: DataPlace, count: Int) throws {
        let array: StoredArray
        var source = DataPlace(key: "arrays.labels", path: place.path), identity: Identity?
        if let path = choice.labelFile {
            source = DataPlace(key: "arrays.labelFile", path: path.text)
            identity = try DataFile.identity(of: source)
            array = try ArrayData.said(source) { try ArrayFile(path.text).array(choice.labels) }
        } else if let name = choice.labels {
            array = try ArrayData.said(source) { try file.array(name) }
        } else {
            return nil
        }
        (fileIdentity, isSelfContained) = (identity, array.isSelfContained)
        (values, classes) = try Self.read(array, count: count, stated: choice.classes, source)
    }

    /// The labels of an array, and the number of classes: the stated one, or the largest label plus one.
    static func read(
        _ array: StoredArray, count: Int, stated: Int?, _ place: DataPlace
    ) throws -> (values: [Int], classes: Int) {
        let said = array.name.isEmpty ? "labels" : "'\(array.name)'"
        guard array.shape == [count] || array.shape == [count, 1] else {
            let isOneHot = array.shape.count == 2 && array.shape[0] == count
            throw place.error(
                "\(said) \(array.shape)",
                allowed: "[\(count)], one for each sample" + (isOneHot ? ": numpy.argmax(labels, axis=1)" : ""))
        }
        let numbers = try ArrayData.said(place) { try array.doubles(0..<count) }
        let values = try numbers.enumerated().map { sample, number in
            guard number >= 0, number <= Double(Most.classes), number == number.rounded() else {
                let text = number == number.rounded() && abs(number) < 1e15 ? "\(Int(number))" : "\(number)"
                throw place.error(
                    "label \(text) of sample \(sample)",
                    allowed: "whole numbers from 0 to \((stated ?? Most.classes) - 1)")
            }
            return Int(number)
        }
        let classes = stated ?? (values.max() ?? 0) + 1
        if let wrong = values.firstIndex(where: { $0 >= classes }) {
            throw place.error("label \(values[wrong]) of sample \(wrong)", allowed: "from 0 to \(classes - 1)")
        }
        return (values, classes)
    }
}
