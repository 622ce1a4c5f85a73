import ArgumentParser

extension Ablate {
    /// Refuses an empty argument: an empty path would be the root of the file system or the working folder, as where a variable of
    /// the shell is not set, and no other value has a meaning when it is empty.
    /// - Throws: `ValidationError`, which is wrong usage.
    static func checkArguments(_ arguments: [String]) throws {
        // Scripts of shells that complete words ask so, also for an empty word.
        if arguments.first?.hasPrefix("---") == true { return }
        for (index, argument) in arguments.enumerated() {
            // What is not UTF-8 has arrived with these in place of its bytes, and names no file any more.
            if argument.contains("\u{FFFD}") {
                throw ValidationError("argument \(index + 1) is not UTF-8, as all names and paths are: '\(argument)'")
            }
            if argument.isEmpty {
                let before = index > 0 ? arguments[index - 1] : ""
                let place = before.hasPrefix("--") && before.count > 2 ? before : "argument \(index + 1)"
                throw ValidationError("\(place) is empty: a variable that is not set?")
            }
            // Behind -- all are values. A setting may end with =, which is refused with its own words.
            if argument == "--" { continue }
            if argument.hasPrefix("--"), argument.hasSuffix("="), argument.dropLast().firstIndex(of: "=") == nil {
                throw ValidationError("\(argument.dropLast()) is empty: a variable that is not set?")
            }
        }
    }
}
