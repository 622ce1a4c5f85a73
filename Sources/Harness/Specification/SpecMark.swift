/// The place at which a value of a specification was written.
public enum SpecMark: Hashable, Sendable, CustomStringConvertible {
    /// In a file; lines and columns count from 1, columns in Unicode scalars.
    case file(String, line: Int, column: Int)
    /// In a setting `path=value` of the command line, given as typed.
    case setting(String)
    /// In a choice of runs `axis=value` of the command line, and in a range of seeds, given as typed.
    case choice(String), seeds(String)
    /// In a program.
    case code

    /// The place as errors print it: `study.yaml:12:7`.
    public var description: String {
        switch self {
        case .file(let name, let line, let column): "\(name):\(line):\(column)"
        case .setting(let text): "--set \(text)"
        case .choice(let text): "--only \(text)"
        case .seeds(let text): "--seeds \(text)"
        case .code: "in code"
        }
    }
}
