import Foundation

/// The processes that one has begun and that are not over, by number.
public func childProcesses(of parent: pid_t) -> [pid_t] {
    let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc"))?.compactMap { pid_t($0) } ?? []
    return all.sorted().filter { child in
        // "123 (a name) S 45 …": the state and the parent stand behind the name, which may have spaces.
        let text = (try? String(contentsOfFile: "/proc/\(child)/stat", encoding: .utf8)) ?? ""
        let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
        return fields.count > 1 && fields[0] != "Z" && pid_t(fields[1]) == parent
    }
}

/// What `nice` a process has, from -20 for the first to be served to 19; of its first thread, as threads may differ.
public func processPriority(_ process: pid_t) -> Int32 {
    getpriority(__priority_which_t(PRIO_PROCESS.rawValue), id_t(process))
}
