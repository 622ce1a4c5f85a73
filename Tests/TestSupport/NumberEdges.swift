/// Numbers at the edges of what a number can be, as a slip of the hand or a fuzzer writes them.
public enum NumberEdges {
    /// The numbers as they are written.
    public static let texts = [
        "0", "-1", "1", "2", "3", "9223372036854775807", "4611686018427387904", "9007199254740993", "1e18", "1e12",
        "1e9",
        "1000000", "1e300", "1e-300", "1e38", "-1e300", "0.5", "1.0", "1e-45", "65536", "16777216",
    ]

    /// The places of the numbers in a study's text, in order: where a word that reads as a number stands alone.
    public static func places(in text: String) -> [Range<String.Index>] {
        var places: [Range<String.Index>] = [], start = text.startIndex
        let breaks: Set<Character> = [" ", ",", "[", "]", "{", "}", "\n", ":"]
        while start < text.endIndex {
            guard let first = text[start...].firstIndex(where: { !breaks.contains($0) }) else { break }
            let end = text[first...].firstIndex(where: breaks.contains) ?? text.endIndex
            if Double(text[first..<end]) != nil { places.append(first..<end) }
            start = end
        }
        return places
    }
}
