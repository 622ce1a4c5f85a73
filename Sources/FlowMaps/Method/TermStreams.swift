import Tensors

/// The random streams of one term of a method: every quantity drawn for its rows has a key of its own.
///
/// Their names decide the numbers of every run. They stay as they are, whatever the parts are called.
struct TermStreams: Sendable {
    /// The draws that the terms of a method share.
    enum Sharing: Hashable, Sendable {
        /// Nothing: each draws all of its rows by itself.
        case nothing
        /// Noise, classes and guidance scales, once for the whole batch, of which each term has a range of the rows.
        case batch
    }

    /// The key of the whole training.
    let key: RandomKey
    let isSecond: Bool
    let sharing: Sharing

    private var own: RandomKey { key.folding(isSecond ? "beside" : "main") }

    /// The key of a stream that this term alone draws from.
    subscript(name: String) -> RandomKey { own.folding(name) }

    /// Rows of what the terms may draw together.
    /// - Parameters:
    ///   - range: the term's rows in a batch.
    ///   - draw: so many rows of a stream.
    func rows(_ range: Range<Int>, of batch: Int, _ name: String, _ draw: (Int, RandomKey) -> Tensor) -> Tensor {
        switch sharing {
        case .nothing: draw(range.count, self[name])
        case .batch: draw(batch, key.folding(name)).slice(range)
        }
    }

    /// The key of the times t and s.
    var times: RandomKey {
        switch (sharing, isSecond) {
        case (.nothing, _), (.batch, true): self["times"]
        case (.batch, false): key.folding("durations")
        }
    }

    /// The streams of a later update of the auxiliary, from 1, whose rows are none of the student's.
    func of(update: Int) -> TermStreams {
        TermStreams(key: key.folding("update").folding(update), isSecond: isSecond, sharing: .nothing)
    }

    /// The key of the noise levels of the student's samples.
    func levels() -> RandomKey {
        switch sharing {
        case .nothing: samples.folding("levels")
        case .batch: samples.folding("times")
        }
    }

    /// The key of the noise that those samples are noised with.
    func renoise() -> RandomKey { samples.folding("renoise") }

    private var samples: RandomKey {
        switch (sharing, isSecond) {
        case (.nothing, _), (.batch, false): return own
        case (.batch, true): return key
        }
    }
}
