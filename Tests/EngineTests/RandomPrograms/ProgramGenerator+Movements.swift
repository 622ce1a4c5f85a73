@testable import CPU
@testable import Tensors

extension ProgramGenerator {
    mutating func addMovement() {
        switch random.below(9) {
        case 0: addReshape()
        case 1, 2: addTranspose()
        case 3: addSlice()
        case 4: addPad()
        case 5: addConcatenation()
        case 6: addBroadcast()
        case 7: addGather()
        default: addScatter()
        }
    }

    private mutating func addReshape() {
        guard let value = pick({ $0.rank > 0 }) else { return }
        var extents = shapes[value].dimensions
        let axis = random.below(extents.count)
        switch random.below(4) {
        case 0: extents = [shapes[value].count]
        case 1: extents.insert(1, at: axis)
        case 2 where extents.count > 1 && axis > 0: extents[axis - 1] *= extents.remove(at: axis)
        default:
            let divisors = (1...max(1, extents[axis])).filter { extents[axis] % $0 == 0 }
            let divisor = divisors.randomElement(using: &random)!
            extents.replaceSubrange(axis...axis, with: [extents[axis] / divisor, divisor])
        }
        let shape = Shape(extents)
        add("reshape", [value]) { $0[0].reshaped(to: shape) }
    }

    private mutating func addTranspose() {
        guard let value = pick({ $0.rank > 1 }) else { return }
        let order = Array(0..<shapes[value].rank).shuffled(using: &random)
        add("transpose \(order)", [value]) { $0[0].transposed(order) }
    }

    private mutating func addSlice() {
        guard let value = pick({ $0.dimensions.contains { $0 > 1 } }) else { return }
        let axes = (0..<shapes[value].rank).filter { shapes[value][$0] > 1 }
        let axis = axes.randomElement(using: &random)!, extent = shapes[value][axis]
        let start = random.below(extent), end = Int.random(in: (start + 1)...extent, using: &random)
        // Half of the time its rest is put beside it, as the pullback of slices does.
        if random.happens(1, of: 2) {
            add("slice \(start)..<\(end) of axis \(axis)", [value]) { $0[0].slice(start..<end, axis: axis) }
        } else {
            add("two parts of axis \(axis) from \(start) and before \(end), padded and added", [value]) {
                $0[0].slice(start..<extent, axis: axis).padded(before: start, after: 0, axis: axis)
                    + $0[0].slice(0..<end, axis: axis).padded(before: 0, after: extent - end, axis: axis)
            }
        }
    }

    private mutating func addPad() {
        guard let value = pick({ $0.rank > 0 }) else { return }
        let axis = random.below(shapes[value].rank), before = random.below(3), after = random.below(3)
        add("pad \(before) and \(after) along axis \(axis)", [value]) {
            $0[0].padded(before: before, after: after, axis: axis)
        }
    }

    private mutating func addConcatenation() {
        guard let first = pick({ $0.rank > 0 }) else { return }
        let axis = random.below(shapes[first].rank), shape = shapes[first]
        func fits(_ other: Shape) -> Bool {
            other.rank == shape.rank && other.replacing(axis, with: 1) == shape.replacing(axis, with: 1)
        }
        let others = (0..<(1 + random.below(2))).compactMap { _ in pick(fits) }
        add("concatenate along axis \(axis)", [first] + others) { .concatenate($0, axis: axis) }
    }

    private mutating func addBroadcast() {
        guard let value = pick() else { return }
        let n = batch, w = width()
        var extents = shapes[value].dimensions.map { $0 == 1 && random.happens(1, of: 2) ? w : $0 }
        if extents.count < 3, random.happens(1, of: 2) { extents.insert(n, at: 0) }
        let shape = Shape(extents)
        add("broadcast", [value]) { $0[0].broadcast(to: shape) }
    }

    private mutating func addGather() {
        guard let table = pick({ $0.rank == 2 && $0[0] > 0 }) else { return }
        let indices = addLeaf(indexShape(), among: 0..<shapes[table][0])
        add("gather", [table, indices]) { $0[0].gather($0[1]) }
    }

    private mutating func addScatter() {
        guard let updates = pick({ (1...3).contains($0.rank) }) else { return }
        let rows = 1 + random.below(6)
        // Some indices are outside, and their rows left out.
        let indices = addLeaf(Shape(Array(shapes[updates].dimensions.dropLast())), among: -1..<(rows + 1))
        add("scatter into \(rows) rows", [updates, indices]) { $0[0].scatterAdded($0[1], rows: rows) }
    }

    private mutating func indexShape() -> Shape {
        [[batch], [batch, tokens], [3], []].randomElement(using: &random)!
    }
}
