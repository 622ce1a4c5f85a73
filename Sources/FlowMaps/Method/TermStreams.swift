import Tensors

/// The random streams of one term of a method: each thing that is drawn for its rows has a key of its own.
///
/// Their names decide the numbers of every run. They stay as they are, whatever the parts are called.
struct TermStreams: Sendable {
    /// What the terms of a method draw together.
    enum Sharing: Hashable, Sendable {
        /// Nothing: each draws all of its rows by itself.
        case nothing
        /// Noise, classes and guidance scales, once for the whole batch, of which each term has a range of the rows.
        case batch
    }

    /// Of the whole training.
    let key: RandomKey
    let isSecond: Bool
    let sharing: Sharing

    private var own: RandomKey { key.folding(isSecond ? "beside" : "main") }

    /// Of what is drawn for this term alone.
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

    /// Of the times t and s.
    var times: RandomKey {
        switch (sharing, isSecond) {
        case (.nothing, _), (.batch, true): self["times"]
        case (.batch, false): key.folding("durations")
        }
    }

    /// Of the levels that the student's samples are noised to, for the student and the auxiliary's first update, which is 0, and for its
    /// later ones.
    func levels(update: Int = 0) -> RandomKey {
        switch sharing {
        case .nothing: samples(update).folding("levels")
        case .batch: samples(update).folding("times")
        }
    }

    /// Of the noise of these.
    func renoise(update: Int = 0) -> RandomKey { samples(update).folding("renoise") }

    private func samples(_ update: Int) -> RandomKey {
        if update > 0 { return key.folding("update").folding(update) }
        switch (sharing, isSecond) {
        case (.nothing, _), (.batch, false): return own
        case (.batch, true): return key
        }
    }
}
