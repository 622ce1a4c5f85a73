import TestSupport

/// Changes of a study's text as fuzzers make them.
enum StudyMutation {
    /// The text with one to three changes.
    static func mutated(_ text: String, _ random: inout SplitMix) -> [UInt8] {
        var bytes = Array(text.utf8)
        for _ in 0..<Int.random(in: 1...3, using: &random) { change(&bytes, &random) }
        return bytes
    }

    private static let words = [
        "~", "{}", "[]", "!replace {}", "null", "none", "\"", "'", ": ", "- ", "&a", "*a", "<<: ", "\t", "\u{FEFF}",
        "\u{202E}",
        "true", ".inf", ".nan", "0x10", "1_000", "base", "seed", "../../..",
    ]

    private static func change(_ bytes: inout [UInt8], _ random: inout SplitMix) {
        guard bytes.count > 2 else { return }
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<7, using: &random) {
        case 0: bytes.remove(at: place)
        case 1: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
        case 2: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 3: bytes.insert(contentsOf: Array((words.randomElement(using: &random) ?? "").utf8), at: place)
        case 4: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...40, using: &random)))
        case 5:
            let end = min(bytes.count, place + Int.random(in: 1...80, using: &random))
            bytes.insert(contentsOf: bytes[place..<end], at: Int.random(in: 0..<bytes.count, using: &random))
        default:
            guard let text = String(validating: bytes, as: UTF8.self) else { return }
            bytes = Array(edged(text, &random).utf8)
        }
    }

    /// The text with one of its numbers at an edge.
    static func edged(_ text: String, _ random: inout SplitMix) -> String {
        guard let place = NumberEdges.places(in: text).randomElement(using: &random),
            let edge = NumberEdges.texts.randomElement(using: &random)
        else { return text }
        return text.replacingCharacters(in: place, with: edge)
    }
}

extension String {
    fileprivate func replacingCharacters(in range: Range<Index>, with text: String) -> String {
        self[..<range.lowerBound] + text + self[range.upperBound...]
    }
}
