import Testing

@testable import Reporting
@testable import Specification

@Suite("A text on a terminal")
struct TerminalTextTests {
    @Test("is as wide as its characters are drawn")
    func width() {
        #expect("".displayWidth == 0)
        #expect("axis=1 ±█–".displayWidth == 10)
        #expect("e\u{301}".displayWidth == 1)
        #expect("図😀한".displayWidth == 6)
    }

    @Test("is shortened at either end to no more than the width")
    func shortened() {
        #expect("abcdef".shortened(to: 6, .unicode) == "abcdef")
        #expect("abcdef".shortened(to: 5, .unicode) == "abcd…")
        #expect("abcdef".shortened(to: 5, .ascii) == "ab...")
        #expect("abcdef".shortened(to: 2, .ascii) == "ab")
        #expect("abcdef".shortened(to: 0, .unicode) == "")
        #expect("図図図".shortened(to: 4, .unicode) == "図…")
        #expect("abcdef".shortenedInFront(to: 6, .unicode) == "abcdef")
        #expect("abcdef".shortenedInFront(to: 5, .unicode) == "…cdef")
        #expect("abcdef".shortenedInFront(to: 5, .ascii) == "...ef")
        #expect("abcdef".shortenedInFront(to: 2, .ascii) == "ef")
        #expect("abcdef".shortenedInFront(to: 0, .unicode) == "")
    }

    @Test("stays on its line")
    func onOneLine() {
        #expect("plain ±".onOneLine == "plain ±")
        #expect("a\r\nb\tc\u{1B}[2Jd\u{85}".onOneLine == "a  b c [2Jd ")
    }
}
