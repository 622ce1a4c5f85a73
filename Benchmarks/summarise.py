"""Reads the rows of a benchmark with peers, prints the ratios and writes RESULTS.md.

A ratio is taken within a round, where both sides ran one after the other, and the median over rounds is told: machines drift by more
than the sides differ. What ran is told by columns: precision, threads, and for our own step the library of its products.
"""
import collections
import datetime
import importlib.metadata
import pathlib
import platform
import statistics
import subprocess
import sys


class Rows:
    """The rows of all rounds, by what they measure."""

    def __init__(self, lines):
        self.ours, self.peers = collections.defaultdict(list), collections.defaultdict(list)
        self.rates, self.once, self.products = collections.defaultdict(list), {}, set()
        for line in lines:
            kind, *cells = line.strip().split(",")
            if kind == "step":
                model, precision, threads, median, _, _, rate, share, library = cells
                self.ours[model, precision, threads, library].append(float(median))
                self.rates[model, precision, threads, library].append((float(rate), float(share)))
            elif kind == "peer":
                peer, model, precision, threads, median = cells[:5]
                self.peers[model, precision, threads, peer].append(float(median))
            elif kind == "products":
                self.products.add(" ".join(cells))
            else:
                self.once[kind, *cells[:-1]] = cells[-1]

    def ratios(self):
        """(our way, peer) → median over rounds of the peer's time in ours, for peers of the same precision and threads."""
        for (model, precision, threads, library), ours in self.ours.items():
            for (of, same, also, peer), theirs in self.peers.items():
                if (of, same, also) == (model, precision, threads):
                    pairs = [their / our for their, our in zip(theirs, ours)]
                    yield model, peer, statistics.median(pairs), precision, threads, library


def table(head, rows):
    """A Markdown table."""
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def processor():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def versions():
    swift = subprocess.run(["swift", "--version"], capture_output=True, text=True).stdout.splitlines()[0]
    return [swift] + [f"{name} {importlib.metadata.version(name)}" for name in ("jax", "torch", "numpy")]


def pages(rows):
    ratios = collections.defaultdict(dict)
    for model, peer, ratio, precision, threads, library in rows.ratios():
        ratios[model, precision, threads, library][peer] = ratio
    yield "# The training step, measured\n"
    yield "Written by `make benchmark PEERS=1`; figures of one sitting, medians, a core pinned. Keep the ratios, not the times.\n"
    yield f"- {datetime.date.today()}, {processor()}"
    yield f"- {', '.join(versions())}"
    for products in sorted(rows.products):
        yield f"- products: {products}"
    peers = sorted({peer for found in ratios.values() for peer in found})
    yield "\n## Time of a step, and how many times longer the peers take\n"
    yield table(
        ["model", "precision", "threads", "products", "ms", "GFLOP/s", "share of ceiling", *peers],
        [[*way, f"{statistics.median(times):.1f}", f"{statistics.median(r for r, _ in rows.rates[way]):.0f}",
          f"{statistics.median(s for _, s in rows.rates[way]):.2f}",
          *(f"{ratios[way][peer]:.2f}×" if peer in ratios[way] else "" for peer in peers)]
         for way, times in rows.ours.items()])
    yield "\nThe ceiling is the rate of the best of three square float32 products of the same library, measured between the rounds.\n"
    yield "## Peers\n"
    yield table(
        ["model", "precision", "peer", "ms", "memory, MiB", "first step, s"],
        [[model, precision, peer, f"{statistics.median(times):.1f}", rows.once["peer-memory", peer, model, precision],
          rows.once["peer-first-step", peer, model, precision]]
         for (model, precision, _, peer), times in rows.peers.items()])
    yield "\n## Everything else\n"
    yield table(
        ["what", "of", "figure"],
        [[key[0], " ".join(key[1:]), figure] for key, figure in rows.once.items() if not key[0].startswith("peer-")])


def main():
    rows = Rows(open(sys.argv[1]))
    for model, peer, ratio, precision, threads, library in rows.ratios():
        print(f"ratio,{model},{peer},{ratio:.3f},{precision},{threads},{library}")
    pathlib.Path(sys.argv[2]).write_text("\n".join(pages(rows)) + "\n")


if __name__ == "__main__":
    main()
