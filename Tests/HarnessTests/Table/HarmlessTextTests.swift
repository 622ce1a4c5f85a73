import TestSupport
import Testing

@testable import Reporting
@testable import Specification
@testable import Study

@Suite("Text that leaves the program commands nothing")
struct HarmlessTextTests {
    private func table(_ texts: String...) -> Table {
        Table(columns: [.init("what", alignment: .left)], rows: texts.map { [.text($0)] })
    }

    @Test("a cell that a spreadsheet would take for a formula is text, and numbers stay numbers")
    func formulas() {
        let csv = table("=cmd|' /C calc'!A0", "+1+2", "-x", "@SUM(A1)", "-0.5", "+3", "1e-3", "a=b").csv
        #expect(
            csv == "what\r\n'=cmd|' /C calc'!A0\r\n'+1+2\r\n'-x\r\n'@SUM(A1)\r\n-0.5\r\n+3\r\n1e-3\r\na=b\r\n")
    }

    @Test("control characters and turns of direction are spaces in every form of a table")
    func controls() {
        let text = "a\u{1B}[2Jb\u{7}c\u{9B}d\u{202E}e\u{2066}f\u{0}g"
        #expect(text.onOneLine == "a [2Jb c d e f g")
        for form in [table(text).csv, table(text).markdown, table(text).latex, table(text).text()] {
            #expect(!form.unicodeScalars.contains { $0.isDirectionMark || ($0.value < 32 && $0 != "\n" && $0 != "\r") })
        }
        #expect("one\u{1B}\ntwo\u{85}".withoutControls == "one \ntwo ")
        let source = HTML(text: text).source
        #expect(!source.unicodeScalars.contains { $0.isDirectionMark || $0.value < 32 })
    }

    @Test("options of Slurm that a submission sets itself are refused by any abbreviation, and letters in bundles")
    func slurm() throws {
        for option in ["--wra=x", "--wrap=x", "--arr=1-5", "--d=1", "-Qa1-5", "-a1-5", "-a", "--", "--out=x", "-"] {
            #expect(throws: (any Error).self, "\(option)") { try SlurmProfile(extra: [option]).validate() }
        }
        for option in ["--account=flow", "--qos=low", "-Q", "--gres=gpu:1", "--exclusive"] {
            #expect(throws: Never.self, "\(option)") { try SlurmProfile(extra: [option]).validate() }
        }
    }
}
