import Foundation

/// A guard of this program that a debug build leaves out where the environment says so, by which `Tests/Broken/run` shows that a
/// torture finds out what then goes wrong. A release build has no such switch.
package enum Breakage: String, CaseIterable, Sendable {
    /// Files are written under their own names, on a slow disk.
    case rename
    /// Bytes are taken for those that were sealed, whatever they are.
    case seal
    /// Numbers of studies have no bounds.
    case bound

    #if DEBUG
        private static let chosen = ProcessInfo.processInfo.environment["ABLATE_BREAKAGE"].flatMap(Self.init)
    #endif

    /// Whether the guard is left out.
    package var isOn: Bool {
        #if DEBUG
            return Self.chosen == self
        #else
            return false
        #endif
    }
}
