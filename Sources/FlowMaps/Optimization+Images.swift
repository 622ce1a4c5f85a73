/// Lengths of a training in images seen, rows of its batches, which papers state in place of steps. They become steps and shares when a
/// study is read, so that two trainings that differ only in how they are written are one.
enum TrainingLength: Decodable {
    /// Updates of the parameters.
    case steps(Int)
    /// Images seen: as many whole batches.
    case images(Double)

    /// The forms besides a whole number of steps.
    private enum Form: Decodable {
        case images(Double)
        /// Passes over a set of so many images, whatever the size of the data set here.
        case epochs(count: Double, of: Double)

        enum CodingKeys: String, CodingKey, CaseIterable { case images, epochs }
        enum EpochsCodingKeys: String, CodingKey, CaseIterable { case count, of }
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        do { self = .steps(try container.decode(Int.self)) } catch {
            guard let form = try? container.decode(Form.self) else { throw error }
            switch form {
            case .images(let count): self = .images(count)
            case .epochs(let count, let size): self = .images(count * size)
            }
        }
    }

    /// The length in whole steps of a batch.
    /// - Throws: `Violation` for less than one step, or more than any training has.
    func steps(ofBatch batch: Int) throws(Violation) -> Int {
        switch self {
        case .steps(let steps): return steps
        case .images(let count):
            let steps = (count / Double(max(1, batch))).rounded(.down)
            guard steps >= 1, steps <= Double(Optimization.mostSteps) else {
                throw Violation(
                    key: "steps", found: "\(count) images",
                    allowed: "images for 1 to \(Optimization.mostSteps) steps of a batch of \(batch)")
            }
            return Int(steps)
        }
    }
}

/// A part of a training: a share of its steps, or images.
enum TrainingShare: Decodable {
    case share(Double)
    case images(Double)

    private enum Form: Decodable {
        case images(Double)

        enum CodingKeys: String, CodingKey, CaseIterable { case images }
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        do { self = .share(try container.decode(Double.self)) } catch {
            guard case .images(let count)? = try? container.decode(Form.self) else { throw error }
            self = .images(count)
        }
    }

    /// The share of so many steps of a batch; images that are more than the training are more than 1, which its checks refuse.
    func share(ofSteps steps: Int, batch: Int) -> Double {
        switch self {
        case .share(let share): return share
        case .images(let count):
            let whole = (count / Double(max(1, batch))).rounded(), share = whole / Double(max(1, steps))
            // Multiplied by the steps again it is that whole number, and not just below it.
            return share * Double(steps) < whole ? share.nextUp : share
        }
    }
}
