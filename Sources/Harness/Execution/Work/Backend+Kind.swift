import Tensors

extension Backend {
    /// The kind of device, for those who go on with what another process began: "cpu" for this program's own engine, else platform and
    /// device, such as "cuda: NVIDIA H100 80GB HBM3".
    var kind: String {
        let facts = facts(of: Execution())
        func value(_ name: String) -> String? { facts.first { $0.name == name }?.value }
        guard let platform = value("platform") else { return "cpu" }
        return "\(value("plugin") == nil ? "" : "xla ")\(platform): \(value("device") ?? "unknown")"
    }

    /// All that is to be said of how something was computed, in one line.
    func summary(of execution: Execution) -> String {
        facts(of: execution).map { "\($0.name) \($0.value)" }.joined(separator: ", ")
    }
}
