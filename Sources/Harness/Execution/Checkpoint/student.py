"""Samples a student in PyTorch. Only torch is needed; the weights lie beside this file.

    python student.py --check                                  the stored samples from the stored noise
    python student.py --count 16 --steps 1 --seed 0            samples [count, ...], written to samples.pt

From Python: import student; model = student.Student(); x = model.sample(noise, labels, steps=1).
A state x_t = (1 - t) x_data + t noise goes from t = 1 to t = 0: x_s = x_t + (s - t) F(x_t, t, s).
"""

import argparse
import json
import os
import struct
import sys

import torch
import torch.nn.functional as F

SETTINGS = json.loads("""{}""")

HERE = os.path.dirname(os.path.abspath(__file__))


def load(path):
    """The float32 tensors of a safetensors file, by name."""
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = file.read()
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        count = (end - begin) // 4
        flat = torch.frombuffer(bytearray(data[begin:end]), dtype=torch.float32) if count else torch.zeros(0)
        tensors[name] = flat.reshape(entry["shape"])
    return tensors


class Student(torch.nn.Module):
    """The student's network and how it is sampled. Linear layers hold their weights [inputs, outputs]."""

    def __init__(self, path=None, settings=SETTINGS):
        super().__init__()
        self.settings = settings
        self.names = []
        for name, tensor in load(path or os.path.join(HERE, settings["weights"])).items():
            self.names.append(name)
            self.register_parameter(name.replace(".", "/"), torch.nn.Parameter(tensor))
        self.register_buffer("frequencies", torch.tensor(settings["frequencies"], dtype=torch.float32))

    def get(self, name):
        return getattr(self, name.replace(".", "/"))

    def has(self, name):
        return name in self.names

    def linear(self, name, x):
        return x @ self.get(name + ".weight") + self.get(name + ".bias")

    def features(self, scalar):
        """[n, 1] -> sines, then cosines."""
        phases = scalar * self.frequencies
        return torch.cat([phases.sin(), phases.cos()], dim=1)

    def perceptron(self, name, x, activation=F.silu):
        return self.linear(name + ".second", activation(self.linear(name + ".first", x)))

    def condition(self, start, duration, labels, guidance):
        """What class, duration and guidance scale add, each where the network has it."""
        if self.settings["classes"] > 0:
            start = start + self.get("label.table")[labels]
        if self.has("duration.first.weight"):
            start = start + self.perceptron("duration", self.features(duration))
        if self.has("guidance.first.weight"):
            start = start + self.perceptron("guidance", self.features(guidance))
        return start

    def forward(self, x, t, s, labels=None, guidance=None):
        """F, the mean velocity from t to s. x [n, d], t and s [n, 1], labels [n], guidance [n, 1] -> [n, d]."""
        body = {"sit": self.transformer, "mlp": self.mlp}[self.settings["network"]]
        return body(x, t, s, labels, guidance)

    def mlp(self, x, t, s, labels, guidance):
        start = self.linear("input", x) + self.linear("time", self.features(t))
        h = F.silu(self.condition(start, t - s, labels, guidance))
        for index in range(self.settings["depth"] - 1):
            h = self.linear(f"hidden.{index}", h)
            if index + 1 == self.settings["early"]:
                h = h + self.perceptron("target", self.features(s))
            h = F.silu(h)
        return self.linear("output", h)

    def positions(self, down, across, width):
        order = torch.arange(width // 4, device=self.frequencies.device, dtype=torch.float32) / (width // 4)
        spacing = 10000.0 ** -order
        place = torch.arange(down * across, device=spacing.device)
        column, row = (place % across)[:, None] * spacing, (place // across)[:, None] * spacing
        return torch.cat([column.sin(), column.cos(), row.sin(), row.cos()], dim=1)

    def transformer(self, x, t, s, labels, guidance):
        settings = self.settings
        channels, height, width = settings["image"]
        side, rows = settings["patch"], x.shape[0]
        down, across = height // side, width // side

        def given(time):
            start = self.perceptron("time", self.features(time))
            return F.silu(self.condition(start, t - s, labels, guidance))

        first = last = given(t)
        if settings["early"] is not None:
            last = given(s)
        tokens = x.reshape(rows, channels, down, side, across, side).permute(0, 2, 4, 1, 3, 5)
        h = self.linear("embedding", tokens.reshape(rows, down * across, -1))
        h = h + self.positions(down, across, h.shape[2])
        for index in range(settings["depth"]):
            late = settings["early"] is not None and index >= settings["early"]
            h = self.block(f"blocks.{index}", h, last if late else first)
        shift, scale = self.linear("modulation", last)[:, None].chunk(2, dim=2)
        out = self.linear("output", modulated(h, shift, scale))[:, :, : channels * side * side]
        out = out.reshape(rows, down, across, channels, side, side).permute(0, 3, 1, 4, 2, 5)
        return out.reshape(rows, -1)

    def block(self, name, h, condition):
        parts = self.linear(name + ".modulation", condition)[:, None].chunk(6, dim=2)
        h = h + parts[2] * self.attention(name + ".attention", modulated(h, parts[0], parts[1]))
        tanh = lambda x: F.gelu(x, approximate="tanh")
        return h + parts[5] * self.perceptron(name + ".perceptron", modulated(h, parts[3], parts[4]), tanh)

    def attention(self, name, x):
        rows, tokens, width = x.shape
        heads = self.settings["heads"]
        mixed = self.linear(name + ".input", x).reshape(rows, tokens, 3, heads, width // heads)
        q, k, v = mixed.permute(2, 0, 3, 1, 4)
        seen = F.scaled_dot_product_attention(q, k, v).transpose(1, 2)
        return self.linear(name + ".output", seen.reshape(rows, tokens, width))

    def velocity(self, x, t, s, labels, guidance):
        """F, guided by the student itself where its method says so."""
        asked = self.settings["samplingGuidance"]
        mean = self(x, t, s, labels, guidance)
        if asked is None or not asked["from"] <= float(t[0, 0]) <= asked["to"]:
            return mean
        none = None if labels is None else torch.full_like(labels, self.settings["classes"])
        weak = self(x, t, s, none, guidance)
        return weak + asked["scale"] * (mean - weak)

    @torch.no_grad()
    def sample(self, noise, labels=None, steps=1, guidance=None, generator=None):
        """noise [n, d], labels [n], guidance the scale that the student is told -> samples [n, d]."""
        how, x = self.settings["sampling"], noise
        column = lambda value: torch.full((noise.shape[0], 1), value, dtype=noise.dtype, device=noise.device)
        told = None if guidance is None else column(float(guidance))

        def moved(x, t, s):
            return x + (s - t) * self.velocity(x, column(t), column(s), labels, told)

        for index in range(steps):
            t, s = 1 - index / steps, 1 - (index + 1) / steps
            gamma = {"restart": 1.0, "map": 0.0}.get(how["name"], how.get("gamma", 0.0))
            if how["name"] == "velocity":
                x = x + (s - t) * self.velocity(x, column(t), column(t), labels, told)
            elif s == 0 or gamma == 0:
                x = moved(x, t, s)
            else:
                target = (1 - gamma * gamma) ** 0.5 * s
                keep = (1 - s) / (1 - target)
                spread = max(0.0, s * s - keep * keep * target * target) ** 0.5
                fresh = torch.randn(noise.shape, generator=generator, dtype=noise.dtype, device=noise.device)
                x = keep * moved(x, t, target) + spread * fresh
        return x


def modulated(h, shift, scale):
    return (1 + scale) * F.layer_norm(h, h.shape[-1:], eps=1e-6) + shift


def check():
    """Makes the stored samples again from the stored noise, and says by how much they differ."""
    stored = load(os.path.join(HERE, SETTINGS["samples"]))
    labels = stored["labels"].long() if "labels" in stored else None
    model, worst = Student(), 0.0
    for name in sorted(name for name in stored if name.startswith("samples.")):
        made = model.sample(stored["noise"], labels, int(name.split(".")[1]), SETTINGS["guidance"])
        difference = float((made - stored[name]).abs().max() / stored[name].abs().max().clamp(min=1))
        print(f"{name}: {made.shape[0]} samples, largest relative difference {difference:.3g}")
        worst = max(worst, difference)
    return 0 if worst < 1e-3 else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Samples a student.")
    parser.add_argument("--check", action="store_true", help="make the stored samples again")
    parser.add_argument("--count", type=int, default=16)
    parser.add_argument("--steps", type=int, default=1)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--label", type=int, help="of all samples (default: all classes in turn)")
    parser.add_argument("--guidance", type=float, default=SETTINGS["guidance"], help="the scale that the student is told")
    parser.add_argument("--out", default="samples.pt")
    given = parser.parse_args()
    if given.check:
        sys.exit(check())
    generator = torch.Generator().manual_seed(given.seed)
    noise = torch.randn(given.count, SETTINGS["dimension"], generator=generator)
    classes = SETTINGS["classes"]
    labels = torch.arange(given.count) % classes if classes else None
    if labels is not None and given.label is not None:
        labels = torch.full_like(labels, given.label)
    samples = Student().sample(noise, labels, given.steps, given.guidance, generator)
    shape = SETTINGS["image"] or [SETTINGS["dimension"]]
    torch.save(samples.reshape(given.count, *shape), given.out)
    print(f"wrote {given.out}: {[given.count, *shape]}")
