import Testing

@testable import Reporting

@Suite("Tables in LaTeX")
struct TableLaTeXTests {
    @Test("escape what LaTeX would read, and set ± in mathematics")
    func table() {
        var table = Table(
            columns: [.init("arm_1", alignment: .left), .init("score", unit: "%")],
            rows: [
                ["a & b", .mean(0.25, deviation: 0.5, count: 2)], ["[c] {d} \\e ~f ^g #h $i <j>", .missing],
            ])
        table.notes = ["100 % of it."]
        #expect(
            table.latex == ##"""
                % \usepackage{booktabs}
                \begin{tabular}{lr}
                  \toprule
                  arm\_1 & score (\%, n 2) \\
                  \midrule
                  a \& b & 0.25 $\pm$ 0.50 \\
                  {[}c] \{d\} \textbackslash{}e \textasciitilde{}f \textasciicircum{}g \#h \$i $<$j$>$ & -- \\
                  \bottomrule
                \end{tabular}

                \par\footnotesize 100 \% of it.

                """##)
    }
}
