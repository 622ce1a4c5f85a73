import PlotTemplates
import Specification

extension Plot {
    /// The numbers of the figure as CSV, a row a point with the title of its series; nil where the figure is a picture. Of densities in
    /// the plane only the samples are in it.
    package var csv: String? {
        let names: [String]
        var blocks = self.blocks
        switch template {
        case .samples, .style: return nil
        case .plane:
            names = ["x", "y", "teacherX", "teacherY"]
            blocks = blocks.indices.filter { $0 % 2 == 1 }.map { blocks[$0] }
        case .lines, .scatter: names = ["x", "mean", "low", "high"]
        case .bars: names = ["arm", "mean", "low", "high"]
        case .trajectories: names = []
        case .heat:
            names = ["x", "y", "difference", "text", "interval"]
            blocks = [namedCells]
        }
        let width = blocks.flatMap(\.rows).map(\.count).max() ?? 0
        let titles = (0..<width).map { $0 < names.count ? names[$0] : "column\($0 + 1)" }
        let table = Table(
            columns: [.init("series", alignment: .left)] + titles.map { .init($0) },
            rows: blocks.flatMap { block in
                block.rows.map { row in
                    [.text(block.title)]
                        + (0..<width).map { $0 < row.count ? row[$0].cell : .missing }
                }
            })
        return table.csv
    }

    /// The cells of a heat map with the values of the axes in place of their numbers.
    private var namedCells: Block {
        func label(_ number: Value, _ block: Int) -> Value {
            guard case .number(let place) = number, blocks[block].rows.indices.contains(Int(place) - 1) else {
                return number
            }
            return blocks[block].rows[Int(place) - 1][1]
        }
        return Block(blocks[0].title, blocks[0].rows.map { [label($0[0], 1), label($0[1], 2)] + $0.dropFirst(2) })
    }
}

extension Plot.Value {
    fileprivate var cell: Table.Cell {
        switch self {
        case .number(let number): .number(number, digits: 17)
        case .text(let text): .text(text)
        }
    }
}
