/// The kind of device on which programs are computed.
public enum Device: Hashable, Sendable {
    /// This machine's processor, by the engine's own kernels.
    case cpu
    /// The first device of the first plug-in of XLA that has a platform: "cuda", or "cpu" for XLA on a processor.
    case platform(String)
    /// The first device of the plug-in of XLA in a file.
    case plugin(String)

    /// The device of a text as a command line has it; nil where there is none such.
    public init?(_ text: String) {
        switch text {
        case "cpu": self = .cpu
        case "cuda": self = .platform("cuda")
        default:
            guard text.hasPrefix("xla:") else { return nil }
            let name = String(text.dropFirst(4))
            if name.hasPrefix("/") {
                self = .plugin(name)
            } else if name.wholeMatch(of: /[a-z][a-z0-9_]*/) != nil {
                self = .platform(name)
            } else {
                return nil
            }
        }
    }

    /// What a text may be.
    public static let allowed = "cpu, cuda, xla:cpu, xla:PLATFORM or xla:/PATH/OF/A/PLUGIN.so"
}

extension Device: CustomStringConvertible {
    /// The device as a command line has it.
    public var description: String {
        switch self {
        case .cpu: "cpu"
        case .platform("cuda"): "cuda"
        case .platform(let name): "xla:\(name)"
        case .plugin(let path): "xla:\(path)"
        }
    }
}

extension Device: Codable {
    /// The longer form that a study may write: `xla: {plugin: PATH}`.
    private enum Form: Codable {
        case xla(plugin: String)
    }

    /// - Throws: `Violation` for a text that is no device, and for a path that is not absolute: a study may be read anywhere.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
            guard let device = Device(text) else { throw Violation(key: nil, found: text, allowed: Self.allowed) }
            self = device
            return
        }
        switch try container.decode(Form.self) {
        case .xla(let plugin):
            guard plugin.hasPrefix("/") else {
                throw Violation(key: "xla.plugin", found: plugin, allowed: "a path that begins with /")
            }
            self = .plugin(plugin)
        }
    }

    /// Encodes the device as a specification or a record has it.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
