extension CodingUserInfoKey {
    /// `true` where a value is encoded for an identity: without the paths of files and the number of threads, which
    /// do not decide results.
    package static let isDecisiveOnly = CodingUserInfoKey(rawValue: "isDecisiveOnly")!
}

extension Encoder {
    /// The encoder includes only what decides results.
    package var isDecisiveOnly: Bool { userInfo[.isDecisiveOnly] as? Bool ?? false }
}
