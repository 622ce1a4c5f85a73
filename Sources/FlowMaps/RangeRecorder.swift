/// Notes the ranges that a value's check requires, in place of refusing what is outside: so that a description of the language has the
/// ranges that decoding has.
package final class RangeRecorder: @unchecked Sendable {
    /// A setting with its allowed values in words, as an error says them.
    package struct Note: Hashable, Sendable {
        package let key, allowed: String
    }

    @TaskLocal static var current: RangeRecorder?
    private var notes: [Note] = []

    private init() {}

    func note(_ key: String?, _ allowed: String) {
        if let key { notes.append(Note(key: key, allowed: allowed)) }
    }

    /// The ranges that a check requires, which it refuses nothing by meanwhile.
    package static func notes(of check: () -> Void) -> [Note] {
        let recorder = RangeRecorder()
        $current.withValue(recorder) { check() }
        return recorder.notes
    }
}
