import Testing

/// Whether the process of `result` ended by a failed precondition that said `text`; optimised builds say nothing.
func said(_ text: String, _ result: ExitTest.Result?) -> Bool {
    #if DEBUG
        String(decoding: result?.standardErrorContent ?? [], as: UTF8.self).contains(text)
    #else
        result != nil
    #endif
}
