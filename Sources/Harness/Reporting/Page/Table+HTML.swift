extension Table {
    /// The table as a part of a page: readable as it is, and with what its script needs to sort it.
    func html(caption: String) -> HTML {
        let lettered = lettered(.unicode)
        let titles = zip(columns, lettered.titles).map { column, title -> HTML in
            "<th scope=\"col\" class=\"\(column.alignment.name)\">\(title)</th>"
        }
        let lines = zip(rows, lettered.rows).map { cells, texts -> HTML in
            let parts = zip(zip(cells, columns), texts).map { pair, text -> HTML in
                let (cell, column) = pair
                return "<td class=\"\(column.alignment.name)\"\(cell.order)>\(text)</td>"
            }
            return "<tr>\(parts)</tr>"
        }
        return """
            <div class="wide"><table><caption>\(caption)</caption>
            <thead><tr>\(titles)</tr></thead>
            <tbody>
            \(lines)
            </tbody></table></div>
            \(notes.map { HTML.note($0) })
            """
    }
}

extension HTML {
    /// A sentence under a table.
    fileprivate static func note(_ text: String) -> HTML { "<p class=\"note\">\(text)</p>" }
}

extension Table.Alignment {
    fileprivate var name: String {
        switch self {
        case .left: "left"
        case .right: "right"
        case .center: "center"
        }
    }
}

extension Table.Cell {
    /// The number that a cell is sorted by, where it has one.
    fileprivate var order: HTML {
        switch self {
        case .text(let text): Double(text).map { Self.attribute($0) } ?? ""
        case .count(let count): Self.attribute(Double(count))
        case .number(let value, _), .mean(let value, _, _, _): Self.attribute(value)
        case .missing: ""
        }
    }

    private static func attribute(_ value: Double) -> HTML { " data-number=\"\(value.description)\"" }
}
