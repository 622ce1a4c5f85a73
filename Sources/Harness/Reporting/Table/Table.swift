/// A table of results: columns with titles and rows of cells, written as text, Markdown or CSV.
///
/// The same table gives the same characters on every machine and in every locale.
public struct Table: Codable, Sendable {
    /// The alignment of a column's cells.
    public enum Alignment: String, Codable, Sendable, Hashable {
        case left, right, center
    }

    /// A column's heading.
    public struct Column: Codable, Sendable, Hashable {
        /// The title.
        public let title: String
        /// The alignment.
        public let alignment: Alignment
        /// The unit of the numbers, such as "s"; written behind the title in parentheses.
        public let unit: String?
        /// The extractor of the features that the numbers were taken on; only CSV prints it behind the title, other
        /// formats have a note.
        public let origin: String?

        /// The place in the order in which columns stay where a terminal is too narrow for all: 0 always stays, and those with the
        /// highest numbers go first.
        public var importance = 0

        /// A heading with its alignment, unit, origin and importance.
        public init(
            _ title: String, alignment: Alignment = .right, unit: String? = nil, origin: String? = nil,
            importance: Int = 0
        ) {
            self.origin = origin
            self.importance = importance
            self.title = title
            self.alignment = alignment
            self.unit = unit
        }
    }

    /// The form of rows on a terminal.
    public enum Layout: String, Codable, Sendable, Hashable {
        case columns
        /// Two lines a row or more: for sentences.
        case paragraphs
    }

    /// The headings, from the left.
    public private(set) var columns: [Column]
    /// Each has one cell a column.
    public private(set) var rows: [[Cell]]
    /// Sentences printed under the table, except in CSV.
    public var notes: [String] = []
    /// The form of rows on a terminal; paragraphs need two columns at least.
    public var layout = Layout.columns

    /// A table of at least one column; every row has as many cells as there are columns.
    public init(columns: [Column], rows: [[Cell]] = []) {
        precondition(!columns.isEmpty, "a table has no columns")
        self.columns = columns
        self.rows = []
        for row in rows { append(row) }
    }

    /// The same table with the importance of each column.
    func ranked(_ importance: [Int]) -> Table {
        precondition(importance.count == columns.count, "a table of \(columns.count) columns has as many ranks")
        var copy = self
        for (index, rank) in importance.enumerated() { copy.columns[index].importance = rank }
        return copy
    }

    /// The same table whose columns from one on may be left out on a narrow terminal, the last one first.
    func ranked(from first: Int) -> Table { ranked(columns.indices.map { max(0, $0 - first + 1) }) }

    /// The same where the last of these columns stays, and the one before it goes last: those of a training's steps.
    func ranked(risingFrom first: Int) -> Table {
        ranked(columns.indices.map { $0 < first ? 0 : columns.count - 1 - $0 })
    }

    /// Adds a row at the end, of one cell a column.
    public mutating func append(_ row: [Cell]) {
        precondition(
            row.count == columns.count, "a row of \(row.count) cells is in a table of \(columns.count) columns")
        rows.append(row)
    }
}

extension Table {
    /// Titles and cells as text, before they are set in columns.
    struct Lettered {
        let titles: [String]
        let rows: [[String]]

        /// The widest cell or title of each column, in terminal columns.
        func widths() -> [Int] {
            rows.reduce(titles.map(\.displayWidth)) { widest, row in
                zip(widest, row).map { max($0, $1.displayWidth) }
            }
        }

        func mapped(_ change: (String) -> String) -> Lettered {
            Lettered(titles: titles.map(change), rows: rows.map { $0.map(change) })
        }
    }

    /// The table's texts.
    ///
    /// The number of values behind the means is in the title where that is one number for the column, else in every
    /// cell that is a mean.
    func lettered(_ lettering: Terminal.Lettering) -> Lettered {
        let counts = columns.indices.map { column in Set(rows.compactMap { $0[column].valueCount }) }
        let titles = zip(columns, counts).map { column, counts in
            let notes = [column.unit, counts.count == 1 ? counts.first.map { "n \($0)" } : nil].compactMap { $0 }
            return column.title + (notes.isEmpty ? "" : " (" + notes.joined(separator: ", ") + ")")
        }
        let texts = rows.map { row in
            zip(row, counts).map { cell, counts in
                let text = cell.text(lettering)
                guard counts.count > 1, let count = cell.valueCount else { return text }
                return text + " (n \(count))"
            }
        }
        return Lettered(titles: titles, rows: texts)
    }
}
