"""Reads the rows of a benchmark with peers, prints the ratios and writes the page of results of its instruction set.

usage: summarise.py ROWS PAGE [INSTRUCTIONS], the last where the processor has more than it was let do.

A ratio is taken within a round, where both sides ran one after the other, and the median over rounds is told: machines drift by more
than the sides differ. Every other figure is a median over rounds too, but for the peers' first step, which is that of the first round:
later ones find what it compiled.
"""
import datetime
import importlib.metadata
import os
import pathlib
import platform
import statistics
import subprocess
import sys

COLUMNS = {
    "step": "model precision threads ms min max rate share library",
    "beside": "model precision threads ms min max rate share library",
    "allocations": "model count precision threads library",
    "memory": "model mebibytes precision threads library",
    "first-step": "model seconds precision threads library",
    "ceiling": "shape rate library",
    "products": "library kernels instructions",
    "overhead": "what figure unit",
    "xla": "model precision ms min max",
    "xla-first-step": "model precision seconds",
    "peer": "peer model precision threads ms min max",
    "peer-memory": "peer model precision mebibytes",
    "peer-first-step": "peer model precision seconds",
}
MODELS = ("mlp2d", "digits", "dit28")
# How many times ours the best peer takes, at least, for each model.
PEER_BARS = {"avx512": (1.2, 1.2, 1.1), "avx2": (1.2, 1.2, 1.3)}


class Rows:
    """The rows of all rounds; a ceiling knows the step beside which it was measured, whose row follows it."""

    def __init__(self, lines):
        self.rows, turn, ceilings = [], "1", []
        for line in lines:
            kind, *cells = line.strip().split(",")
            if kind == "round":
                turn = cells[0]
            elif kind in COLUMNS:
                row = dict(zip(COLUMNS[kind].split(), cells, strict=True), kind=kind, turn=turn)
                self.rows.append(row)
                if kind == "ceiling":
                    ceilings.append(row)
                elif kind == "step":
                    for ceiling in ceilings:
                        ceiling.update({cell: row[cell] for cell in ("model", "precision", "threads")})
                    ceilings = []

    def all(self, kind, **wanted):
        return [row for row in self.rows if row["kind"] == kind and all(row[k] == v for k, v in wanted.items())]

    def median(self, kind, cell, **wanted):
        """Nothing where there is no such row."""
        found = [float(row[cell]) for row in self.all(kind, **wanted)]
        return statistics.median(found) if found else None

    def ratio(self, theirs, ours, cell="ms"):
        """The median over rounds of their figure in ours; each is a kind and what else is wanted of its rows."""
        def turns(side):
            return {row["turn"]: float(row[cell]) for row in self.all(side[0], **side[1])}
        theirs, ours = turns(theirs), turns(ours)
        pairs = [theirs[turn] / ours[turn] for turn in theirs if turn in ours]
        return statistics.median(pairs) if pairs else None

    def values(self, kind, *cells):
        """Each different tuple of cells once, in the order of the rows."""
        return list(dict.fromkeys(tuple(row[cell] for cell in cells) for row in self.all(kind)))

    @property
    def own(self):
        """The library that computes float32 products unless another is asked for."""
        return next((row["library"] for row in self.all("step", precision="float32")), None)

    @property
    def instructions(self):
        """The instruction set that our own kernels ran on."""
        return self.all("products")[0]["instructions"]

    @property
    def has_bfloat16(self):
        """Whether the processor has such products: without, no peer is asked for them."""
        return bool(self.all("peer", precision="mixed"))

    def peers(self, model, precision="float32"):
        """The ratio of each peer to our own way on one thread."""
        library = {"library": self.own} if precision == "float32" else {}
        ours = ("step", dict(model=model, precision=precision, threads="1", **library))
        found = {peer: self.ratio(("peer", dict(peer=peer, model=model, precision=precision)), ours)
                 for peer, in self.values("peer", "peer")}
        return {peer: ratio for peer, ratio in found.items() if ratio}

    def ratios(self):
        """(model, peer, ratio, precision, threads, library) for each of our ways and each peer of the same precision and threads."""
        for way in self.values("step", "model", "precision", "threads", "library"):
            model, precision, threads, library = way
            ours = ("step", dict(zip(("model", "precision", "threads", "library"), way)))
            for peer, in self.values("peer", "peer"):
                ratio = self.ratio(("peer", dict(peer=peer, model=model, precision=precision, threads=threads)), ours)
                if ratio:
                    yield model, peer, ratio, precision, threads, library

    def through_xla(self):
        """(model, step, first step): our time through XLA in jax's, of those that were measured."""
        for model, in self.values("xla", "model"):
            both = dict(model=model, precision="float32")
            step = self.ratio(("xla", both), ("peer", dict(both, peer="jax-jit")))
            first = self.ratio(("xla-first-step", both), ("peer-first-step", dict(both, peer="jax-jit")), "seconds")
            if step:
                yield model, step, first


def bars(rows):
    """What was to be reached: (what, bar, measured, whether it is met). What was not measured is left out."""
    def at_least(what, figure, bar, unit="×"):
        return (what, f"≥ {bar}{unit}", f"{figure:.2f}{unit}", figure >= bar) if figure is not None else None

    def at_most(what, figure, bar, unit, digits=2):
        if figure is None:
            return None
        return what, f"≤ {bar} {unit}".strip(), f"{figure:.{digits}f} {unit}".strip(), figure <= bar

    own = dict(precision="float32", threads="1", library=rows.own)
    for model, step, _ in rows.through_xla():
        yield at_most(f"`{model}`: time through XLA, in jax's", step, 1.05, "×")
    for model, bar in zip(MODELS, PEER_BARS.get(rows.instructions, ())):
        if found := rows.peers(model):
            best = min(found, key=found.get)
            yield at_least(f"`{model}`: time of the best peer, {best}, in ours", found[best], bar)
    dit28 = dict(own, model="dit28")
    shares = [rows.ratio(("step", dit28), ("ceiling", dict(dit28, shape=shape, library=library)), "rate")
              for shape, library in rows.values("ceiling", "shape", "library")]
    least = min(filter(None, shares), default=None)
    if rows.instructions == "avx512":
        yield at_least("`dit28`: share of the best float32 product of any library here", least, 0.8, "")
    else:
        for model in MODELS:
            yield at_least(f"`{model}`: time with OpenBLAS's products, in ours", rows.ratio(
                ("step", dict(own, model=model, library="OpenBLAS")), ("step", dict(own, model=model))), 1)
    for model in ("digits", "dit28") if rows.has_bfloat16 else ():
        ours = ("step", dict(own, model=model))
        yield at_least(f"`{model}`: float32 in mixed precision's time",
                       rows.ratio(ours, ("step", dict(model=model, precision="mixed", threads="1"))), 2)
    for model in MODELS:
        ours = ("step", dict(own, model=model))
        alone = rows.ratio(ours, ("beside", dict(model=model)))
        yield at_least(f"`{model}`: two runs on two cores, against one", alone and 2 * alone, 1.9)
        yield at_least(f"`{model}`: one run on two cores, against one",
                       rows.ratio(ours, ("step", dict(own, model=model, threads="2"))), 1.4)
        memory = rows.median("memory", "mebibytes", model=model, **own)
        theirs = [float(row["mebibytes"]) for row in rows.all("peer-memory", model=model, precision="float32")]
        if memory and theirs:
            yield at_most(f"`{model}`: memory, against the least of any peer", memory, round(min(theirs)), "MiB", 0)
    yield at_most("`dit28`: time to the first step", rows.median("first-step", "seconds", model="dit28", **own), 0.3, "s")
    for model in MODELS:
        yield at_most(f"`{model}`: allocations in 100 steps", rows.median("allocations", "count", model=model, **own), 0, "", 0)
    for what, bar, unit in (
        ("planning", 1, "ms a run"), ("bookkeeping", 1, "ms a run"), ("process", 15, "ms a run"),
        ("expansion", 1, "s for 10000 runs"), ("no-op", 200, "ms over 1000 runs"),
    ):
        yield at_most(f"overhead: {what}", rows.median("overhead", "figure", what=what, unit=unit), bar, unit)


def table(head, rows):
    """A Markdown table."""
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def processor():
    lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
    def said(name):
        return next((line.split(":", 1)[1].strip() for line in lines if line.startswith(name)), "")
    units = [unit for unit in ("avx2", "avx512f", "avx512_bf16", "amx_bf16") if f" {unit}" in said("flags")]
    return f"{said('model name') or platform.machine()}, {os.cpu_count()} cores, {' '.join(units)}"


def versions():
    swift = subprocess.run(["swift", "--version"], capture_output=True, text=True).stdout.splitlines()[0]
    return [swift] + [f"{name} {importlib.metadata.version(name)}" for name in ("jax", "torch", "numpy")]


def text(figure, digits=1, unit=""):
    return "" if figure is None else f"{figure:.{digits}f}{unit}"


def pages(rows, limit):
    yield f"# The training step and the harness, measured with {rows.instructions}\n"
    yield "Written by `make benchmark PEERS=1`: one sitting, medians, each process on one core unless it says two. Keep the ratios,"
    yield "not the times.\n"
    yield f"- {datetime.date.today()}, {processor()}"
    yield f"- {', '.join(versions())}"
    if limit:
        yield (
            f"- ours, the libraries and PyTorch limited to {limit}, each by its own switch (`INSTRUCTIONS={limit}`); without JAX, "
            "which cannot be"
        )
    if not rows.has_bfloat16:
        yield "- no products of bfloat16, so mixed precision is ours alone: a peer's step takes seconds"
    for products in rows.values("products", "library", "kernels", "instructions"):
        yield f"- products: {', '.join(products)}"
    yield "\n## Bars\n"
    yield table(["what", "bar", "measured", "met"],
                [[what, bar, found, "yes" if met else "**no**"] for what, bar, found, met in filter(None, bars(rows))])
    yield "\n## Time of a step, and how many times longer the peers take\n"
    ratios = {(model, precision, threads, library, peer): ratio
              for model, peer, ratio, precision, threads, library in rows.ratios()}
    peers = [peer for peer, in rows.values("peer", "peer")]
    names = ("model", "precision", "threads", "library")
    yield table(
        ["model", "precision", "threads", "products", "ms", "GFLOP/s", "share of ceiling", *peers],
        [[*way, *(text(rows.median("step", cell, **dict(zip(names, way))), digits)
                  for cell, digits in (("ms", 1), ("rate", 0), ("share", 2))),
          *(text(ratios.get((*way, peer)), 2, "×") for peer in peers)] for way in rows.values("step", *names)])
    yield "\nThe ceiling is the rate of the best of three square float32 products of the same library, measured beside the step.\n"
    yield "## Memory, time to the first step, allocations\n"
    yield "The first step's time is all that comes before it: tracing and compiling, for the peers from cold.\n"
    yield table(
        ["model", "precision", "threads", "by", "memory, MiB", "first step, s", "allocations in 100 steps"],
        [[*way, *(text(rows.median(kind, cell, **dict(zip(names, way))), digits) for kind, cell, digits in (
            ("memory", "mebibytes", 0), ("first-step", "seconds", 2), ("allocations", "count", 0)))]
         for way in rows.values("memory", *names)]
        + [[model, precision, "1", peer, text(rows.median("peer-memory", "mebibytes", **of), 0),
            text(rows.median("peer-first-step", "seconds", turn="1", **of), 1), ""]
           for peer, model, precision in rows.values("peer-memory", "peer", "model", "precision")
           for of in [dict(peer=peer, model=model, precision=precision)]])
    yield "\nThe peers run with big pages and a heap that is never trimmed, which makes them faster, and some of them larger.\n"
    yield "## Products alone\n"
    yield table(["shape", "products", "GFLOP/s"],
                [[*of, text(rows.median("ceiling", "rate", shape=of[0], library=of[1]), 0)]
                 for of in rows.values("ceiling", "shape", "library")])
    yield "\n## Overhead of the harness\n"
    yield table(["what", "figure"], [[row["what"], f"{row['figure']} {row['unit']}"] for row in rows.all("overhead")])


def main():
    rows = Rows(open(sys.argv[1]))
    for model, peer, ratio, precision, threads, library in rows.ratios():
        print(f"ratio,{model},{peer},{ratio:.3f},{precision},{threads},{library}")
    for model, step, first in rows.through_xla():
        print(f"xla-ratio,{model},{step:.3f},{f'{first:.3f}' if first else ''}")
    pathlib.Path(sys.argv[2]).write_text("\n".join(pages(rows, sys.argv[3] if len(sys.argv) > 3 else "")) + "\n")


if __name__ == "__main__":
    main()
