import Foundation

/// A failed operation of the file system, in the words "path: cannot do this: reason".
public struct FileError: Error, Equatable, CustomStringConvertible {
    /// The file or folder of the operation, never a temporary name.
    public let path: String
    /// The operation, as a verb and its object: "replace the file".
    public let attempt: String
    /// The system's text for the failure: "Permission denied".
    public let reason: String

    /// A failure with the system's text for it.
    public init(path: String, attempt: String, reason: String) {
        self.path = path
        self.attempt = attempt
        self.reason = reason
    }

    /// The failure of `errno`, which must be read before any other system call.
    package init(path: String, attempt: String, code: CInt = errno) {
        self.init(path: path, attempt: attempt, reason: String(cString: strerror(code)))
    }

    /// The path, the operation and the reason.
    public var description: String { "\(path): cannot \(attempt): \(reason)" }
}

/// The system's text for an error of Foundation, or Foundation's own where no system error is beneath it.
package func systemText(of error: any Error) -> String {
    let beneath = ((error as NSError).userInfo[NSUnderlyingErrorKey] as? any Error ?? error) as NSError
    return beneath.domain == NSPOSIXErrorDomain
        ? String(cString: strerror(CInt(beneath.code))) : error.localizedDescription
}
