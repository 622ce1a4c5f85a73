import Foundation

extension Table {
    /// A JSON array with an object per row, by the columns' titles: text, numbers, `{"mean", "deviation", "n"}`, and null for a
    /// missing cell and for a number that is not finite.
    public var json: String {
        let rows = rows.map { row in
            let fields = zip(columns, row).map { column, cell in
                let unit = column.unit.map { " (\($0))" } ?? ""
                return "\(Self.quoted(column.title + unit)): \(cell.json)"
            }
            return "  {\(fields.joined(separator: ", "))}"
        }
        return "[\n\(rows.joined(separator: ",\n"))\n]"
    }

    fileprivate static func quoted(_ text: String) -> String {
        // The encoder throws for no text.
        let data = (try? JSONEncoder().encode(text)) ?? Data("\"\"".utf8)
        return String(decoding: data, as: UTF8.self)
    }
}

extension Table.Cell {
    fileprivate var json: String {
        switch self {
        case .text(let text): Table.quoted(text)
        case .count(let count): String(count)
        case .number(let value, _): Self.json(value)
        case .mean(let mean, let deviation, let count, _):
            "{\"mean\": \(Self.json(mean)), \"deviation\": \(deviation.map(Self.json) ?? "null"), \"n\": \(count)}"
        case .missing: "null"
        }
    }

    private static func json(_ value: Double) -> String { value.isFinite ? value.description : "null" }
}
