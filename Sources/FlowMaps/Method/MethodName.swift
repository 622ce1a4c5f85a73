/// The methods that a specification can name; each one's parts are its `method`.
public enum MethodName: String, Codable, CodingKey, Hashable, Sendable, CaseIterable, RenamedKeys {
    // From data alone.
    case flowMatching, shortcut, imm, stei, stee, meanFlow, decoupledMeanFlow, sCT, ct, iCT, ect, lsd, esd, psd
    // From a teacher, at states from data.
    case sdei, sdee, facm, ayfEMD, ayfLMD, sCD, sCDVSD, progressive, cd, meanFlowFromTeacher, piFlow
    // From a teacher alone.
    case freeflow, kd, reflow, dmd, dmd2, vsd, sid, fgm

    /// Keys that are gone, each with the new one.
    public static let renamed = ["meanFlowFromScratch": "meanFlow"]

    /// The name in a specification, in place of a coding key's description.
    public var description: String { rawValue }

    /// The method's parts.
    public var method: Method {
        switch self {
        case .flowMatching: .flowMatching
        case .shortcut: .shortcut
        case .imm: .imm
        case .stei: .stei
        case .stee: .stee
        case .meanFlow: .meanFlow
        case .decoupledMeanFlow: .decoupledMeanFlow
        case .sCT: .sCT
        case .ct: .ct
        case .iCT: .iCT
        case .ect: .ect
        case .lsd: .lsd
        case .esd: .esd
        case .psd: .psd
        case .sdei: .sdei
        case .sdee: .sdee
        case .facm: .facm
        case .ayfEMD: .ayfEMD
        case .ayfLMD: .ayfLMD
        case .sCD: .sCD
        case .sCDVSD: .sCDVSD
        case .progressive: .progressive
        case .cd: .cd
        case .meanFlowFromTeacher: .meanFlowFromTeacher
        case .piFlow: .piFlow
        case .freeflow: .freeflow
        case .kd: .kd
        case .reflow: .reflow
        case .dmd: .dmd
        case .dmd2: .dmd2
        case .vsd: .vsd
        case .sid: .sid
        case .fgm: .fgm
        }
    }
}
