import Testing

@testable import Reporting

@Suite("A table")
struct TableTests {
    /// Every kind of cell; the last column's means are over different numbers of values.
    let table = Table(
        columns: [
            .init("arm", alignment: .left), .init("FID"), .init("time", unit: "s"), .init("steps"),
            .init("drift", alignment: .center),
        ],
        rows: [
            [
                "baseline", .mean(of: [3.0, 3.5, 4.0]), .number(1.25), .count(20000),
                .mean(0.5, deviation: 0.25, count: 4),
            ],
            ["no, \"correction\"", .missing, .number(.nan), .missing, .mean(of: [0.125])],
            ["a|b_c*", .text("diverged"), .number(1e-7, digits: 2), .count(-1), .missing],
        ])

    @Test("is set in columns under a rule")
    func unicode() {
        #expect(
            table.text() == """
                arm                 FID (n 3)  time (s)  steps        drift
                ────────────────  ───────────  ────────  ─────  ─────────────────
                baseline          3.50 ± 0.50      1.25  20000  0.50 ± 0.25 (n 4)
                no, "correction"            –       nan      –     0.125 (n 1)
                a|b_c*               diverged    1.0e-7     -1          –

                """)
    }

    @Test("is the same in plain ASCII, but for rule, sign and dash")
    func ascii() {
        let small = Table(
            columns: [.init("arm", alignment: .left), .init("FID")],
            rows: [["a", .mean(1, deviation: 0.5, count: 2)], ["b", .missing]])
        #expect(
            small.text(.ascii) == """
                arm     FID (n 2)
                ---  ------------
                a    1.00 +- 0.50
                b               -

                """)
    }

    @Test("has its titles set off where colour is wanted")
    func coloured() {
        let small = Table(columns: [.init("arm", alignment: .left)], rows: [["base"]])
        #expect(small.text(style: .coloured) == "\u{1B}[1marm\u{1B}[0m\n────\nbase\n")
    }

    @Test("keeps its lines whole whatever a text holds, and its columns straight with wide characters")
    func strangeText() {
        let small = Table(
            columns: [.init("a", alignment: .left), .init("b")],
            rows: [["x\ny\u{1B}[2J ", "1"], ["図😀e\u{301}", "22"]])
        #expect(
            small.text() == """
                a          b
                ────────  ──
                x y [2J    1
                図😀e\u{301}     22

                """)
    }

    @Test("is Markdown that shows every text as it is")
    func markdown() {
        #expect(
            table.markdown == """
                | arm              |   FID (n 3) | time (s) | steps |       drift       |
                | :--------------- | ----------: | -------: | ----: | :---------------: |
                | baseline         | 3.50 ± 0.50 |     1.25 | 20000 | 0.50 ± 0.25 (n 4) |
                | no, "correction" |           – |      nan |     – |    0.125 (n 1)    |
                | a\\|b_c\\*         |    diverged |   1.0e-7 |    -1 |         –         |

                """)
        let small = Table(columns: [.init("a")], rows: [["_x_ <b>\r\n`$[\\"]])
        #expect(
            small.markdown
                == "|                       a |\n| ----------------------: |\n| \\_x\\_ \\<b\\><br>\\`\\$\\[\\\\ |\n")
        let narrow = Table(columns: [.init("a", alignment: .center)])
        #expect(narrow.markdown == "|  a  |\n| :-: |\n")
    }

    @Test("is CSV with every digit, and means, deviations and counts in columns of their own")
    func csv() {
        #expect(
            table.csv
                == [
                    "arm,FID mean,FID deviation,FID n,time (s),steps,drift mean,drift deviation,drift n",
                    "baseline,3.5,0.5,3,1.25,20000,0.5,0.25,4",
                    "\"no, \"\"correction\"\"\",,,,nan,,0.125,,1",
                    "a|b_c*,diverged,,,1e-07,-1,,,",
                ].map { $0 + "\r\n" }.joined())
    }

    @Test("is CSV that quotes line breaks, keeps the unit last and leaves no line empty")
    func csvQuotes() {
        let small = Table(
            columns: [.init("time", unit: "s")], rows: [[.mean(1 / 3, deviation: nil, count: 1)], ["a\nb"], ["c\r\nd"]])
        #expect(
            small.csv == "time mean (s),time deviation (s),time n\r\n0.3333333333333333,,1\r\n"
                + "\"a\nb\",,\r\n\"c\r\nd\",,\r\n")
        #expect(Table(columns: [.init("a")], rows: [[.missing]]).csv == "a\r\n\"\"\r\n")
    }

    @Test("without rows has its titles")
    func empty() {
        let empty = Table(columns: [.init("a"), .init("b", unit: "s")])
        #expect(empty.text(.ascii) == "a  b (s)\n-  -----\n")
        #expect(empty.csv == "a,b (s)\r\n")
    }

    @Test("takes means of no, one and several values")
    func means() throws {
        func text(_ values: [Double]) -> String { Table.Cell.mean(of: values).text(.unicode) }
        #expect(text([]) == "–")
        #expect(text([2]) == "2.00")
        // Squares 2.25 + 0.25 + 0.25 + 2.25 over 3, and the root of that: 1.29.
        #expect(text([1, 2, 3, 4]) == "2.5 ± 1.3")
        #expect(text([1, .nan]) == "nan ± nan")
    }

    @Test("refuses a row of another length and a table of no columns")
    func refusals() async {
        await #expect(processExitsWith: .failure) {
            var table = Table(columns: [.init("a"), .init("b")])
            table.append(["only one"])
        }
        await #expect(processExitsWith: .failure) { _ = Table(columns: []) }
    }
}
