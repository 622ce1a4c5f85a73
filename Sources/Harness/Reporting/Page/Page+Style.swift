extension Page {
    /// The style of a page, on a screen and in print.
    static let style = """
        :root { color-scheme: light dark; --page: #fff; --text: #1a1a1a; --soft: #555; --rule: #ddd; --line: #eee;
          --head: #333; --box: #f6f6f6; --edge: #bbb; --link: #0072b2; }
        @media (prefers-color-scheme: dark) {
          :root { --page: #16181b; --text: #e6e6e6; --soft: #a8adb3; --rule: #3c4147; --line: #2a2e33;
            --head: #9aa0a6; --box: #202327; --edge: #565c63; --link: #56b4e9; }
          figure img { background: #fff; border-radius: 0.2rem; }
        }
        body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
        main { max-width: 76rem; margin: 0 auto; padding: 1.5rem; }
        a { color: var(--link); }
        h1 { font-size: 1.7rem; overflow-wrap: anywhere; margin: 1.5rem 0 0.2rem; }
        h2 { font-size: 1.2rem; margin: 2rem 0 0.6rem; border-bottom: 1px solid var(--rule); }
        .question { font-size: 1.15rem; margin: 0 0 1rem; }
        .wide { overflow-x: auto; }
        table { border-collapse: collapse; font-size: 0.9rem; }
        caption { text-align: left; padding: 0.3rem 0; color: var(--soft); }
        th, td { padding: 0.25rem 0.8rem 0.25rem 0; vertical-align: top; }
        thead th { border-bottom: 1.5px solid var(--head); text-align: left; }
        tbody tr { border-bottom: 1px solid var(--line); }
        .note { color: var(--soft); font-size: 0.85rem; margin: 0.3rem 0; }
        .right { text-align: right; font-variant-numeric: tabular-nums; }
        td.right { white-space: nowrap; }
        .center { text-align: center; }
        th button { all: unset; cursor: pointer; }
        th button:focus-visible { outline: 2px solid var(--link); }
        th button::after { content: " ↕"; color: var(--soft); }
        th[aria-sort=ascending] button::after { content: " ↑"; color: var(--text); }
        th[aria-sort=descending] button::after { content: " ↓"; color: var(--text); }
        .claims { list-style: none; padding: 0; }
        .claims li { border-left: 0.4rem solid #7f7f7f; padding: 0.3rem 0.8rem; margin: 0.6rem 0; }
        .claims li.supported { border-color: #009e73; }
        .claims li.refuted { border-color: #d55e00; border-left-style: double; }
        .claims li.undecided { border-left-style: dashed; }
        .verdict { font-weight: 600; text-transform: uppercase; font-size: 0.8rem; letter-spacing: 0.04em; }
        .because { color: var(--soft); font-size: 0.9rem; display: block; }
        .figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(30rem, 100%), 1fr)); gap: 1rem; }
        figure { margin: 0; }
        figure img { max-width: 100%; height: auto; }
        figcaption { color: var(--soft); font-size: 0.85rem; }
        .flick { display: flex; flex-wrap: wrap; gap: 0.3rem 0.5rem; border: 0; padding: 0; margin: 0; }
        .flick input { position: absolute; opacity: 0; }
        .flick label { border: 1px solid var(--edge); border-radius: 0.3rem; padding: 0 0.5rem; cursor: pointer; }
        .flick input:checked + label { background: #0072b2; border-color: #0072b2; color: #fff; }
        .flick input:focus-visible + label { outline: 2px solid #d55e00; }
        .flick .break { width: 100%; }
        .flick .arm { display: none; order: 1; width: 100%; margin-top: 0.5rem; }
        .flick input:checked + label + .arm { display: block; }
        .flick .view { display: none; }
        \(chosenViews)
        .flick figure img { image-rendering: pixelated; }
        pre { background: var(--box); padding: 0.8rem; overflow-x: auto; font-size: 0.8rem; line-height: 1.35; }
        .warning { border-left: 0.4rem solid #e69f00; padding: 0.3rem 0.8rem; }
        @media print {
          :root { color-scheme: light; --page: #fff; --text: #000; --soft: #444; --rule: #bbb; --line: #ddd; --head: #333;
            --box: #f6f6f6; --edge: #bbb; --link: #000; }
          main { max-width: none; padding: 0; }
          .wide, pre { overflow: visible; }
          table { width: 100%; font-size: 0.62rem; }
          th, td { padding: 0.15rem 0.4rem 0.15rem 0; overflow-wrap: anywhere; }
          td.right { white-space: normal; }
          pre { white-space: pre-wrap; overflow-wrap: anywhere; }
          .figures { display: block; }
          .flick .arm, .flick .view { display: block; }
          .flick input, .flick > label, th button::after, a.data { display: none; }
          figure, .claims li, tr { break-inside: avoid; }
          details::details-content { content-visibility: visible; block-size: auto; }
        }
        """

    /// Shows the chosen view of whichever arm is shown; choosing needs no script.
    private static let chosenViews = (0..<Section.mostViews).map {
        ".flick .at-\($0):checked ~ .arm .view-\($0) { display: block; }"
    }.joined(separator: "\n")

    /// A script that sorts tables by their titles: numbers by value, cells without a number last.
    static let script = """
        "use strict";
        addEventListener("beforeprint", () => {
          for (const closed of document.querySelectorAll("details")) closed.open = true;
        });
        for (const table of document.querySelectorAll("table")) {
          const heads = [...table.tHead.rows[0].cells], body = table.tBodies[0];
          heads.forEach((head, column) => {
            const button = document.createElement("button");
            button.type = "button";
            button.append(...head.childNodes);
            head.append(button);
            button.addEventListener("click", () => {
              const down = head.getAttribute("aria-sort") === "ascending";
              for (const other of heads) other.removeAttribute("aria-sort");
              head.setAttribute("aria-sort", down ? "descending" : "ascending");
              const key = row => {
                const cell = row.cells[column], number = Number.parseFloat(cell.dataset.number);
                return Number.isNaN(number) ? cell.textContent : number;
              };
              const rank = value => (typeof value === "number" ? 0 : value === "–" ? 2 : 1);
              const order = (left, right) => {
                const ranks = rank(left) - rank(right);
                if (ranks !== 0) return ranks;
                const sign = left < right ? -1 : left > right ? 1 : 0;
                return down ? -sign : sign;
              };
              body.append(...[...body.rows].sort((left, right) => order(key(left), key(right))));
            });
          });
        }
        """
}
