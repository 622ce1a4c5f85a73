import Foundation

extension Terminal {
    /// One of the process's open files, written without a buffer.
    public struct Stream: Sendable, Hashable {
        /// The file descriptor.
        public let descriptor: CInt

        /// The stream of a file descriptor.
        public init(descriptor: CInt) { self.descriptor = descriptor }

        /// The stream of data.
        public static let output = Stream(descriptor: 1)
        /// The stream of progress and messages.
        public static let error = Stream(descriptor: 2)

        /// The result of writing a text.
        public enum Delivery: Sendable, Hashable {
            case complete
            /// The reader of the pipe has gone (EPIPE): nothing that is still to come will be read.
            case readerGone
            /// The system refused, with this `errno`: a full disk, a closed stream.
            case failed(CInt)
        }

        /// Writes the whole text, in as few pieces as the system takes.
        ///
        /// The process must ignore SIGPIPE; otherwise that signal ends it before a delivery can be `readerGone`.
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

        /// The stream is a terminal.
        public var isTerminal: Bool { isatty(descriptor) == 1 }

        /// Lines on the stream can be drawn over: it is a terminal and `TERM` is not "dumb".
        public func canRedraw(environment: [String: String]) -> Bool {
            isTerminal && environment["TERM"] != "dumb"
        }

        /// The columns of the stream's window; nil if it is not a terminal, or one that does not report them.
        public var windowColumns: Int? {
            var size = winsize()
            guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
            return Int(size.ws_col)
        }
    }

    /// The width of lines: `COLUMNS` if it is a positive number, else the window's columns, else 80.
    public static func width(environment: [String: String], windowColumns: Int?) -> Int {
        if let columns = environment["COLUMNS"].flatMap({ Int($0) }), columns > 0 { return columns }
        return windowColumns ?? 80
    }
}
