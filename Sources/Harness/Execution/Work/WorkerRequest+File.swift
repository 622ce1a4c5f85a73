import Foundation
import Storage

extension WorkerRequest {
    /// Reads the order in one line of a file.
    /// - Parameter line: counted from 0.
    /// - Throws: `InputError` where there is no such line or it is no order.
    package static func read(_ path: String, line: Int) throws -> WorkerRequest {
        func failure(_ reason: String) -> InputError {
            InputError(path: path, attempt: "read order \(line)", reason: reason)
        }
        guard let data = FileManager.default.contents(atPath: path) else { throw failure("No such file or directory") }
        let lines = data.split(separator: UInt8(ascii: "\n"))
        guard lines.indices.contains(line) else { throw failure("the file has \(lines.count) orders") }
        do { return try JSONDecoder().decode(WorkerRequest.self, from: lines[line]) } catch {
            throw failure("it is none of this version of the program")
        }
    }
}
