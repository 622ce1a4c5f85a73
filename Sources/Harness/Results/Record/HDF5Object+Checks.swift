import Storage

/// What a record's file is held to while it is read: nothing of another shape or range gets further.
extension HDF5Object {
    /// What is wrong in the file.
    func refusal(_ found: String, _ allowed: String) -> RecordError {
        RecordError(path: place.path, found: "\(found) in '\(place.name)'", allowed: allowed)
    }

    /// An attribute that counts something: a whole number from 0 to 2^53, up to which a float64 is exact.
    func wholeNumber(_ name: String) throws -> Int {
        let value = try number(name)
        guard value >= 0, value <= 0x1p53, value == value.rounded() else {
            throw refusal("\(value) as '\(name)'", "a whole number of at least 0")
        }
        return Int(value)
    }

    /// An attribute that measures something: a finite number, not negative.
    func measure(_ name: String) throws -> Double {
        let value = try number(name)
        guard value.isFinite, value >= 0 else {
            throw refusal("\(value) as '\(name)'", "a finite number of at least 0")
        }
        return value
    }
}

extension HDF5GroupReader {
    /// A list of numbers of a known length.
    func numbers(_ name: String, count: Int) throws -> [Double] {
        let array = try read(name, as: Double.self)
        guard array.shape == [count] else { throw refusal("'\(name)' of shape \(array.shape)", "shape [\(count)]") }
        return array.values
    }

    /// A list of finite numbers of which each is above the one before.
    func risingNumbers(_ name: String) throws -> [Double] {
        let array = try read(name, as: Double.self), values = array.values
        guard array.shape.count == 1, values.allSatisfy(\.isFinite),
            zip(values, values.dropFirst()).allSatisfy({ $0 < $1 })
        else { throw refusal("'\(name)' that does not rise", "a list of finite numbers that rise") }
        return values
    }

    /// A block of numbers with so many axes, none of them empty.
    func block(_ name: String, rank: Int) throws -> HDF5Array<Float> {
        let array = try read(name, as: Float.self)
        guard array.shape.count == rank, array.shape.allSatisfy({ $0 > 0 }) else {
            throw refusal("'\(name)' of shape \(array.shape)", "\(rank) axes, none of them empty")
        }
        return array
    }

    /// A block of numbers of a known shape.
    func block(_ name: String, _ shape: [Int]) throws -> HDF5Array<Float> {
        let array = try read(name, as: Float.self)
        guard array.shape == shape else { throw refusal("'\(name)' of shape \(array.shape)", "shape \(shape)") }
        return array
    }
}
