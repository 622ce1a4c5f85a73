import Specification

/// One running task of a progress display.
struct ProgressTask {
    /// The columns of a bar.
    private static let barWidth = 20

    let name: String
    /// How many steps it makes in all; 0 if that is not known.
    var steps: Int
    /// The steps that were behind it when it began here.
    let first: Int
    /// When it began here, in seconds.
    let begin: Double
    /// The steps behind it now.
    var step: Int
    var detail = ""
    /// When the last plain line about it was written.
    var lastLine: Double

    init(name: String, steps: Int, first: Int, begin: Double) {
        self.name = name
        self.steps = steps
        self.first = first
        self.begin = begin
        step = first
        lastLine = begin
    }

    /// How much of it is done, 0...1; 0 if the steps are not known.
    var fraction: Double { share(of: step) }

    /// How much of it was done when it began here.
    var firstFraction: Double { share(of: first) }

    /// "name  [####----]  40%  12.0 steps/s  1:05 left  loss 0.12"; no bar where the steps are not known.
    func barLine(at time: Double, nameWidth: Int, _ lettering: Terminal.Lettering) -> String {
        let name = name.shortenedInFront(to: nameWidth, lettering).padded(to: nameWidth)
        var parts = [name]
        if steps > 0 {
            let full = Int(fraction * Double(Self.barWidth))
            let bar =
                String(repeating: lettering.barFull, count: full)
                + String(repeating: lettering.barEmpty, count: Self.barWidth - full)
            parts += ["[\(bar)]", "\(Int(fraction * 100))%".padded(to: 4, .right)]
        } else {
            parts.append("step \(step)")
        }
        return (parts + speed(at: time, lettering)).joined(separator: "  ")
    }

    /// "name: step 400 of 1000, 12.0 steps/s, 1:05 left, loss 0.12".
    func plainLine(at time: Double) -> String {
        let place = steps > 0 ? "step \(step) of \(steps)" : "step \(step)"
        return "\(name): " + ([place] + speed(at: time, .unicode)).joined(separator: ", ")
    }

    /// Rate, time left and detail, as far as they are known.
    private func speed(at time: Double, _ lettering: Terminal.Lettering) -> [String] {
        var parts: [String] = []
        if step > first, time > begin {
            let rate = Double(step - first) / (time - begin)
            parts.append("\(NumberFormat.text(rate)) steps/s")
            if steps > 0 {
                let left = Double(max(steps - step, 0)) / rate
                parts.append("\(NumberFormat.clock(seconds: left, lettering: lettering)) left")
            }
        }
        return detail.isEmpty ? parts : parts + [detail]
    }

    private func share(of step: Int) -> Double {
        steps > 0 ? min(max(Double(step) / Double(steps), 0), 1) : 0
    }
}
