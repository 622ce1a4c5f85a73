import Foundation
import Results
import Specification
import Storage
import Study

/// The pieces of work of a study, as `plan.json` in its folder keeps them for those who ask how far it is.
public struct WorkList: Codable, Sendable {
    public struct Item: Codable, Hashable, Sendable {
        public let title, kind: String
        public let identity: Identity
        /// From the folder of results.
        public let product: String
        public let steps: Int
        /// Seconds on one core, as far as that can be said beforehand.
        public let estimate: Double
    }

    public let items: [Item]

    public init(_ plan: Plan) {
        let estimate = Estimate(from: []), prefix = plan.results.path + "/"
        items = plan.items.map { item in
            Item(
                title: item.work.title, kind: item.work.kind, identity: item.identity,
                product: String(plan.results.product(item.work).dropFirst(prefix.count)), steps: item.work.steps,
                estimate: estimate.seconds(item.work))
        }
    }

    private static let name = "plan.json"

    func write(to folder: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        try AtomicFile.write(encoder.encode(self), to: "\(folder)/\(Self.name)")
    }

    /// Reads what the last run of a study had to do.
    /// - Throws: `InputError` where the folder has no list that can be read.
    public static func read(of studyFolder: String) throws -> WorkList {
        let path = "\(studyFolder)/\(name)"
        func failure(_ reason: String) -> InputError {
            InputError(path: path, attempt: "read the list of work", reason: reason)
        }
        do {
            guard let bytes = try FileBytes.read(path) else { throw failure("No such file or directory") }
            return try JSONDecoder().decode(WorkList.self, from: bytes)
        } catch let error as FileError {
            throw failure(error.reason)
        } catch is DecodingError {
            throw failure("it is damaged; the next run writes it anew")
        }
    }
}

extension WorkList {
    /// How far a piece of work is.
    public enum State: Hashable, Sendable {
        case done
        /// A process is at it; what it said of itself, if it has already.
        case running(WorkLock.Owner?)
        case failed(String)
        /// Not begun, or stopped on the way.
        case waiting
    }

    /// How far all work is, in the order of the list. Sealed products are taken to be there as they were sealed.
    public func states(in results: ResultsFolder) -> [State] { items.map { Self.state(of: $0, in: results) } }

    private static func state(of item: Item, in results: ResultsFolder) -> State {
        let holder = WorkLock.holder(results.lock(item.identity))
        if holder.isHeld { return .running(holder.said) }
        let product = "\(results.path)/\(item.product)"
        guard let journal = try? Journal.read(ResultsFolder.journal(ofProduct: product)),
            journal.identity == item.identity
        else { return .waiting }
        switch journal.state {
        case .open: return .waiting
        case .failed(let cause): return .failed(cause)
        case .sealed: return FileManager.default.fileExists(atPath: product) ? .done : .waiting
        }
    }

    /// Seconds until all is done at the pace of what is running now; nil where nothing runs that has said its pace.
    public func secondsLeft(_ states: [State], at now: Date) -> Double? {
        var left = 0.0, estimated = 0.0, taken = 0.0, running = 0
        for (item, state) in zip(items, states) {
            switch state {
            case .done, .failed: continue
            case .waiting: left += item.estimate
            case .running(let owner):
                running += 1
                guard let owner, owner.steps > 0, owner.step > owner.first else {
                    left += item.estimate
                    continue
                }
                left += item.estimate * (1 - Double(owner.step) / Double(owner.steps))
                estimated += item.estimate * Double(owner.step - owner.first) / Double(owner.steps)
                taken += owner.told.timeIntervalSince(owner.began)
            }
        }
        guard estimated > 0 else { return nil }
        return left * taken / estimated / Double(running)
    }
}
