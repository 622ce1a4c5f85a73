/// The candidate that a misspelt name most likely stands for, or nil when none is near.
///
/// Near is at most a third of the name's letters wrong (and at least one right): insertions, deletions, replacements
/// and swaps of neighbours each count one, upper and lower case are alike. The first of equally near candidates wins.
package func nearestName(to name: String, among candidates: [String]) -> String? {
    let letters = Array(name.lowercased())
    let limit = min(max(1, letters.count / 3), letters.count - 1)
    var best: (distance: Int, name: String)?
    for candidate in candidates where candidate != name {
        let distance = editDistance(letters, Array(candidate.lowercased()))
        if distance <= limit, distance < best?.distance ?? .max { best = (distance, candidate) }
    }
    return best?.name
}

/// The number of single-letter edits (optimal string alignment) between two words.
func editDistance(_ old: [Character], _ new: [Character]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...new.count)
    for row in 0..<old.count {
        var current = [row + 1]
        for column in 0..<new.count {
            var cost = min(last[column + 1] + 1, current[column] + 1)
            cost = min(cost, last[column] + (old[row] == new[column] ? 0 : 1))
            if row > 0, column > 0, old[row] == new[column - 1], old[row - 1] == new[column] {
                cost = min(cost, beforeLast[column - 1] + 1)
            }
            current.append(cost)
        }
        (beforeLast, last) = (last, current)
    }
    return last[new.count]
}
