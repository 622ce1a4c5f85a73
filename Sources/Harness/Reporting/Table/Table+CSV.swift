import Specification

extension Table {
    /// The table as comma-separated values by RFC 4180, for programs: UTF-8, CRLF behind every line, titles first.
    ///
    /// Numbers are written with every digit they need to be read back, "nan" and "inf" among them; what is missing is
    /// an empty field. A text that a spreadsheet would take for a formula has an apostrophe before it, and control characters are
    /// spaces. A column with means becomes three, "FID mean", "FID deviation" and "FID n"; a cell in it that is
    /// no mean stands in the first.
    public var csv: String {
        let hasMeans = columns.indices.map { column in rows.contains { $0[column].valueCount != nil } }
        let titles = zip(columns, hasMeans).flatMap { column, hasMeans in
            let unit = column.unit.map { " (\($0))" } ?? ""
            let title = column.title + (column.origin.map { " [\($0)]" } ?? "")
            guard hasMeans else { return [Self.harmless(title + unit)] }
            return ["\(title) mean\(unit)", "\(title) deviation\(unit)", "\(title) n"].map(Self.harmless)
        }
        let records = rows.map { row in
            zip(row, hasMeans).flatMap { cell, hasMeans in hasMeans ? cell.meanFields : [cell.field] }
        }
        return ([titles] + records).map(Self.record).joined()
    }

    private static func record(_ fields: [String]) -> String {
        // An empty line would be no record at all to many readers.
        if fields == [""] { return "\"\"\r\n" }
        return fields.map(quoted).joined(separator: ",") + "\r\n"
    }

    /// A text that nobody who opens the file runs: a spreadsheet takes what begins with one of these for a formula.
    fileprivate static func harmless(_ text: String) -> String {
        let text = text.withoutControls
        guard let first = text.unicodeScalars.first, "=+-@".unicodeScalars.contains(first), Double(text) == nil else {
            return text
        }
        return "'" + text
    }

    private static func quoted(_ field: String) -> String {
        // By scalars: a CR and LF together are one Character that equals neither.
        guard field.unicodeScalars.contains(where: { "\",\r\n".unicodeScalars.contains($0) }) else { return field }
        return "\"" + field.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}

extension Table.Cell {
    fileprivate var field: String {
        switch self {
        case .text(let text): Table.harmless(text)
        case .count(let count): String(count)
        // Swift's description is the shortest decimal that reads back as the same number.
        case .number(let value, _): value.description
        case .mean(let mean, _, _, _): mean.description
        case .missing: ""
        }
    }

    fileprivate var meanFields: [String] {
        guard case .mean(_, let deviation, let count, _) = self else { return [field, "", ""] }
        return [field, deviation?.description ?? "", String(count)]
    }
}
