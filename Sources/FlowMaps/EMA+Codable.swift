extension EMA: Encodable, Validated {
    /// Encodes the average in the form that a study writes; a study's own form is decoded as a `WrittenEMA`.
    public func encode(to encoder: any Encoder) throws { try WrittenEMA(self).encode(to: encoder) }

    /// Checks the ranges of the settings.
    public func validate() throws(Violation) { try WrittenEMA(self).form.validate() }

    /// Refuses a relative width that no average along a power has.
    static func check(_ sigmaRel: Double, _ key: String, _ value: some Validated) throws(Violation) {
        try value.require(
            sigmaRel > 0 && sigmaRel <= largestSigmaRel, key, found: sigmaRel,
            allowed: "more than 0 and at most \(largestSigmaRel), where all steps count alike")
    }
}
