import Foundation

extension Terminal {
    /// One of the process's open files, written without a buffer in between: what is written is written.
    public struct Stream: Sendable, Hashable {
        public let descriptor: CInt

        public init(descriptor: CInt) { self.descriptor = descriptor }

        /// Where data goes.
        public static let output = Stream(descriptor: 1)
        /// Where progress and messages go.
        public static let error = Stream(descriptor: 2)

        /// What became of a text.
        public enum Delivery: Sendable, Hashable {
            case complete
            /// The reader of the pipe has gone (EPIPE): nothing that is still to come will be read.
            case readerGone
            /// The system refused, with this `errno`: a full disk, a closed stream.
            case failed(CInt)
        }

        /// Writes the whole text, in as few pieces as the system takes.
        ///
        /// Whoever calls sees to it that the process ignores SIGPIPE; otherwise that signal ends it before a delivery
        /// can be `readerGone`.
        @discardableResult
        public func write(_ text: String) -> Delivery {
            var text = text
            return text.withUTF8 { bytes in
                var rest = UnsafeRawBufferPointer(bytes)
                while !rest.isEmpty {
                    let written = Foundation.write(descriptor, rest.baseAddress, rest.count)
                    if written >= 0 {
                        rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(written))
                    } else if errno == EAGAIN {
                        // Whoever shares the stream made it non-blocking.
                        var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                        poll(&waiting, 1, -1)
                    } else if errno != EINTR {
                        return errno == EPIPE ? .readerGone : .failed(errno)
                    }
                }
                return .complete
            }
        }

        /// Whether the stream is a terminal.
        public var isTerminal: Bool { isatty(descriptor) == 1 }

        /// Whether lines on the stream can be drawn over: it is a terminal and `TERM` is not "dumb".
        public func canRedraw(environment: [String: String]) -> Bool {
            isTerminal && environment["TERM"] != "dumb"
        }

        /// The columns of the stream's window; nil if it is no terminal or one that does not know.
        public var windowColumns: Int? {
            var size = winsize()
            guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
            return Int(size.ws_col)
        }
    }

    /// How wide lines may be: `COLUMNS` if it is a positive number, else the window's columns, else 80.
    public static func width(environment: [String: String], windowColumns: Int?) -> Int {
        if let columns = environment["COLUMNS"].flatMap({ Int($0) }), columns > 0 { return columns }
        return windowColumns ?? 80
    }
}
