import Foundation
import TestSupport
import Testing

@testable import Reporting

@Suite("A terminal")
struct TerminalTests {
    @Test(
        "is coloured by NO_COLOR, FORCE_COLOR, TERM and what the stream is, in this order",
        arguments: [
            ([:], true, Terminal.Style.coloured), ([:], false, .plain),
            (["NO_COLOR": "1"], true, .plain), (["NO_COLOR": ""], true, .coloured), (["NO_COLOR": ""], false, .plain),
            (["FORCE_COLOR": "1"], false, .coloured), (["FORCE_COLOR": ""], false, .plain),
            (["FORCE_COLOR": "0"], true, .plain), (["NO_COLOR": "0", "FORCE_COLOR": "1"], true, .plain),
            (["NO_COLOR": "", "FORCE_COLOR": "1"], false, .coloured), (["TERM": "dumb"], true, .plain),
            (["TERM": "dumb", "FORCE_COLOR": "3"], false, .coloured), (["TERM": "xterm"], false, .plain),
        ] as [([String: String], Bool, Terminal.Style)])
    func style(environment: [String: String], isTerminal: Bool, style: Terminal.Style) {
        #expect(Terminal.Style.decided(environment: environment, isTerminal: isTerminal) == style)
    }

    @Test("gets colours only in a coloured style")
    func paint() {
        #expect(Terminal.Style.plain.paint("x", .red) == "x")
        #expect(Terminal.Style.coloured.paint("x", .red) == "\u{1B}[31mx\u{1B}[0m")
        #expect(Terminal.Style.coloured.paint("", .red) == "")
    }

    @Test(
        "gets Unicode only where the locale says UTF-8",
        arguments: [
            ([:], Terminal.Lettering.ascii), (["LANG": "de_DE.UTF-8"], .unicode), (["LANG": "C.utf8"], .unicode),
            (["LANG": "de_DE.UTF-8", "LC_ALL": "C"], .ascii), (["LC_ALL": "", "LC_CTYPE": "en_US.UTF-8"], .unicode),
            (["LC_CTYPE": "POSIX", "LANG": "C.UTF-8"], .ascii),
        ] as [([String: String], Terminal.Lettering)])
    func lettering(environment: [String: String], lettering: Terminal.Lettering) {
        #expect(Terminal.Lettering.decided(environment: environment) == lettering)
    }

    @Test("is as wide as COLUMNS or its window says, else 80")
    func width() {
        #expect(Terminal.width(environment: ["COLUMNS": "100"], windowColumns: 120) == 100)
        #expect(Terminal.width(environment: ["COLUMNS": "0"], windowColumns: 120) == 120)
        #expect(Terminal.width(environment: ["COLUMNS": "wide"], windowColumns: nil) == 80)
    }

    @Test("is known from a file, by its window too")
    func pseudoTerminal() throws {
        var (leader, follower): (CInt, CInt) = (0, 0)
        var size = winsize(ws_row: 24, ws_col: 132, ws_xpixel: 0, ws_ypixel: 0)
        try #require(openpty(&leader, &follower, nil, nil, &size) == 0)
        defer {
            close(leader)
            close(follower)
        }
        let terminal = Terminal.Stream(descriptor: follower)
        #expect(terminal.isTerminal)
        #expect(terminal.windowColumns == 132)
        #expect(terminal.canRedraw(environment: [:]))
        #expect(!terminal.canRedraw(environment: ["TERM": "dumb"]))

        let file = open("/dev/null", O_WRONLY)
        defer { close(file) }
        #expect(!Terminal.Stream(descriptor: file).isTerminal)
        #expect(Terminal.Stream(descriptor: file).windowColumns == nil)
        #expect(!Terminal.Stream(descriptor: file).canRedraw(environment: [:]))
    }

    @Test("gets a text whole through a pipe that is smaller and does not wait")
    func wholeText() async throws {
        var ends: [CInt] = [0, 0]
        try #require(pipe(&ends) == 0)
        try #require(fcntl(ends[1], F_SETFL, O_NONBLOCK) == 0)
        let (reader, writer) = (ends[0], ends[1])
        let text = String(repeating: "zwölf ", count: 100_000)
        let thread = Thread {
            Terminal.Stream(descriptor: writer).write(text)
            close(writer)
        }
        thread.start()
        let read = try FileHandle(fileDescriptor: reader, closeOnDealloc: true).readToEnd()
        #expect(String(decoding: read ?? Data(), as: UTF8.self) == text)
    }

    @Test("says when nobody reads, and goes on")
    func readerGone() async {
        await #expect(processExitsWith: .exitCode(7)) {
            signal(SIGPIPE, SIG_IGN)
            var ends: [CInt] = [0, 0]
            guard pipe(&ends) == 0 else { exit(1) }
            close(ends[0])
            exit(Terminal.Stream(descriptor: ends[1]).write("text") == .readerGone ? 7 : 2)
        }
    }

    @Test("says why a text could not be written")
    func failure() throws {
        let full = open("/dev/full", O_WRONLY)
        try #require(full >= 0)
        defer { close(full) }
        #expect(Terminal.Stream(descriptor: full).write("text") == .failed(ENOSPC))
        #expect(Terminal.Stream(descriptor: full).write("") == .complete)
        #expect(Terminal.Stream(descriptor: -1).write("text") == .failed(EBADF))
    }
}
