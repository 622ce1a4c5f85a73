/// The name of a method in a specification.
///
/// The methods that a specification can name are `Method.listed`; as a coding key only their names exist.
public struct MethodName: CodingKey, Hashable, Sendable, ExpressibleByStringLiteral {
    /// The name: "meanFlow".
    public let rawValue: String

    /// A name in a method's own definition.
    public init(stringLiteral name: String) { rawValue = name }

    /// The name of a listed method; nil for every other text.
    public init?(stringValue: String) {
        guard let listed = Method.listed.first(where: { $0.name.rawValue == stringValue }) else { return nil }
        self = listed.name
    }

    /// Nil: methods have no numbers.
    public init?(intValue: Int) { nil }

    /// The name.
    public var stringValue: String { rawValue }
    /// Nil: methods have no numbers.
    public var intValue: Int? { nil }
    /// The name, in place of a coding key's description.
    public var description: String { rawValue }

    /// The method as it is listed, before a specification changes parts of it.
    /// - Precondition: the name is listed.
    public var method: Method {
        guard let method = Method.listed.first(where: { $0.name == self }) else {
            preconditionFailure("the method \(rawValue) is not listed")
        }
        return method
    }
}

extension MethodName: CaseIterable, RenamedKeys {
    /// The names of the listed methods.
    public static var allCases: [MethodName] { Method.listed.map(\.name) }

    /// Keys that are gone, each with the new one.
    public static let renamed = ["meanFlowFromScratch": "meanFlow"]
}

extension Method {
    /// The methods that a specification can name. Code that uses this package may list more for what it calls:
    /// `Method.$listed.withValue(Method.listed + [mine]) { … }`.
    @TaskLocal public static var listed: [Method] = [
        // From data alone.
        .flowMatching, .shortcut, .imm, .stei, .stee, .meanFlow, .decoupledMeanFlow, .sCT, .ct, .iCT, .ect, .lsd, .esd,
        .psd,
        // From a teacher, at states from data.
        .sdei, .sdee, .facm, .ayfEMD, .ayfLMD, .sCD, .sCDVSD, .progressive, .cd, .meanFlowFromTeacher, .piFlow,
        // From a teacher alone.
        .freeflow, .kd, .reflow, .dmd, .dmd2, .vsd, .sid, .fgm,
    ]
}
