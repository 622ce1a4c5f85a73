import FlowMaps
import Storage
import Study

extension Record {
    /// Refuses a record whose bytes are not those that were sealed in it.
    static func checkSeal(_ path: String) throws {
        // One that is absent or unreadable is told by whoever opens it.
        guard FileSeal.finding(path) == .broken else { return }
        throw RecordError(
            path: path, found: "other bytes than were sealed in it", allowed: "the record as it was written")
    }

    /// What of a record no run leaves, though each of its parts is well-formed; nil where there is no such thing.
    var fault: (found: String, allowed: String)? {
        if let fault = run.nameFault { return fault }
        let data = run.specification.data
        guard data.hasKnownShape else { return nil }
        for (what, dimension) in [
            ("samples", lengths.samples), ("samplesOverTraining", lengths.overTraining),
            ("trajectories", lengths.trajectories),
        ] {
            guard let dimension, dimension != data.dimension else { continue }
            return ("\(what) of \(dimension) numbers each", "\(data.dimension), as the data of its specification have")
        }
        return nil
    }
}
