/// Sorts each row of `rowLength` numbers into ascending order.
///
/// A radix sort by the bits, from the lowest digit: for rows of 5,000 about four times as fast as `sort()`, and
/// sorting is most of a sliced distance. The bits of numbers from zero up ascend already; below zero they descend, so
/// those are inverted. NaN is sorted to an end of its row.
func sortRows(of values: inout [Double], rowLength: Int) {
    guard rowLength > 1 else { return }
    precondition(values.count.isMultiple(of: rowLength), "rows of \(rowLength) in \(values.count) numbers")
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 2 * rowLength) { room in
        withUnsafeTemporaryAllocation(of: Int.self, capacity: digitCount << digitBits) { counts in
            values.withUnsafeMutableBufferPointer { values in
                for start in stride(from: 0, to: values.count, by: rowLength) {
                    let row = UnsafeMutableBufferPointer(rebasing: values[start..<start + rowLength])
                    sort(row, keys: room.baseAddress!, other: room.baseAddress! + rowLength, counts: counts)
                }
            }
        }
    }
}

// Six digits of eleven bits cover 64; their counts, 96 KiB, stay in the second cache level.
private let digitBits = 11
private let digitCount = 6

private func sort(
    _ row: UnsafeMutableBufferPointer<Double>, keys: UnsafeMutablePointer<UInt64>, other: UnsafeMutablePointer<UInt64>,
    counts: UnsafeMutableBufferPointer<Int>
) {
    let (digits, mask, sign) = (1 << digitBits, UInt64(1 << digitBits - 1), UInt64(1) << 63)
    counts.update(repeating: 0)
    for index in 0..<row.count {
        let bits = row[index].bitPattern
        let key = bits ^ (bits & sign == 0 ? sign : .max)
        keys[index] = key
        for digit in 0..<digitCount {
            counts[digit << digitBits + Int(key >> UInt64(digit * digitBits) & mask)] += 1
        }
    }
    var (source, target) = (keys, other)
    for digit in 0..<digitCount {
        let shift = UInt64(digit * digitBits)
        let places = UnsafeMutableBufferPointer(rebasing: counts[digit * digits..<(digit + 1) * digits])
        if places[Int(source[0] >> shift & mask)] == row.count { continue }
        var place = 0
        for value in 0..<digits { (places[value], place) = (place, place + places[value]) }
        for index in 0..<row.count {
            let value = Int(source[index] >> shift & mask)
            target[places[value]] = source[index]
            places[value] += 1
        }
        swap(&source, &target)
    }
    for index in 0..<row.count {
        let key = source[index]
        row[index] = Double(bitPattern: key ^ (key & sign == 0 ? .max : sign))
    }
}
