import Foundation

/// A failed operation of the file system, in the words "path: cannot do this: reason".
public struct FileError: Error, Equatable, CustomStringConvertible {
    /// The file or folder that was wanted, never a temporary name.
    public let path: String
    /// What was tried, as a verb and its object: "replace the file".
    public let attempt: String
    /// The system's text for the failure: "Permission denied".
    public let reason: String

    public init(path: String, attempt: String, reason: String) {
        self.path = path
        self.attempt = attempt
        self.reason = reason
    }

    /// The failure that `errno` tells of, which must be read before any other call of the system.
    package init(path: String, attempt: String, code: CInt = errno) {
        self.init(path: path, attempt: attempt, reason: String(cString: strerror(code)))
    }

    public var description: String { "\(path): cannot \(attempt): \(reason)" }
}

/// The system's text for a failure that Foundation tells of, Foundation's own where there is none beneath.
package func systemText(of error: any Error) -> String {
    let beneath = ((error as NSError).userInfo[NSUnderlyingErrorKey] as? any Error ?? error) as NSError
    return beneath.domain == NSPOSIXErrorDomain
        ? String(cString: strerror(CInt(beneath.code))) : error.localizedDescription
}
