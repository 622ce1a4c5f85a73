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
        tensors = load(path or os.path.join(HERE, settings["weights"]))
        for name, tensor in (from_released(tensors, settings) if settings["convention"] else tensors).items():
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

    def condition(self, start, t, s, labels, guidance):
        """What class, duration, guidance scale and end add, each where the network has it."""
        if self.settings["classes"] > 0:
            start = start + self.get("label.table")[labels]
        for name, value in self.scalars(t, s, guidance):
            if self.has(name + ".first.weight"):
                start = start + self.perceptron(name, self.features(value))
        return start

    @staticmethod
    def scalars(t, s, guidance):
        return ("duration", t - s), ("guidance", guidance), ("end", s)

    def forward(self, x, t, s, labels=None, guidance=None):
        """What the network gives for a step from t to s. x [n, d], t and s [n, 1], labels [n], guidance [n, 1] -> [n, fields * d]."""
        bodies = {"sit": self.transformer, "mlp": self.mlp, "mpSiT": self.mp_transformer, "mpMLP": self.mp_mlp}
        body, sigma = bodies[self.settings["network"]], self.settings["sigmaData"]
        if self.settings["noise"] is not None:
            return self.from_noise(body, x, t, s, labels, guidance)
        if sigma is None:
            return body(x, t, s, labels, guidance)
        variance = sigma * sigma
        spread = t * t + variance * (1 - t) ** 2
        own = body(x / spread.sqrt(), t, s, labels, guidance)
        return (t - variance * (1 - t)) / spread * x - sigma / spread.sqrt() * own

    def from_noise(self, body, x, t, s, labels, guidance):
        """The velocity of a network that predicts the noise of a diffusion model at the steps of its schedule."""
        noise = self.settings["noise"]
        ends = [noise["first"], noise["last"]]
        if noise["isScaled"]:
            betas = torch.linspace(ends[0] ** 0.5, ends[1] ** 0.5, noise["steps"], dtype=torch.float64) ** 2
        else:
            betas = torch.linspace(ends[0], ends[1], noise["steps"], dtype=torch.float64)
        signal = torch.cumprod(1 - betas, 0)
        times = (1 - signal).sqrt() / ((1 - signal).sqrt() + signal.sqrt())
        time = t.double().cpu().clamp(times[0], times[-1])
        above = torch.searchsorted(times, time).clamp(1)
        step = above - 1 + (time - times[above - 1]) / (times[above] - times[above - 1])
        spread = (t * t + (1 - t) ** 2).sqrt()
        # The network sees the step in place of the time, and durations as they are.
        found = body(x / spread, step.to(x), step.to(x) - (t - s), labels, guidance)
        last, root = float(times[-1]), float(signal[-1]) ** 0.5
        within = (found - x) / (1 - t.clamp(max=last))
        data = (x / spread - float(1 - signal[-1]) ** 0.5 * found) / root
        return torch.where(t > last, (x - data) / t.clamp(min=last), within)

    def mlp(self, x, t, s, labels, guidance):
        start = self.linear("input", x) + self.linear("time", self.features(t))
        h = F.silu(self.condition(start, t, s, labels, guidance))
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
            return F.silu(self.condition(start, t, s, labels, guidance))

        first = last = given(t)
        if settings["early"] is not None:
            last = given(s)
        h = self.linear("embedding", self.tokens(x))
        h = h + self.positions(down, across, h.shape[2])
        for index in range(settings["depth"]):
            late = settings["early"] is not None and index >= settings["early"]
            h = self.block(f"blocks.{index}", h, last if late else first)
        shift, scale = self.linear("modulation", last)[:, None].chunk(2, dim=2)
        count = fields(settings["head"])
        out = self.linear("output", modulated(h, shift, scale))[:, :, : count * channels * side * side]
        return self.pixels(out.reshape(rows, down * across, count, -1).transpose(1, 2)).reshape(rows, -1)

    def tokens(self, x):
        """[n, d] -> patches [n, tokens, numbers]."""
        (channels, height, width), side = self.settings["image"], self.settings["patch"]
        x = x.reshape(x.shape[0], channels, height // side, side, width // side, side)
        return x.permute(0, 2, 4, 1, 3, 5).reshape(x.shape[0], (height // side) * (width // side), -1)

    def pixels(self, out):
        """Patches [..., tokens, numbers] -> [..., d]."""
        (channels, height, width), side = self.settings["image"], self.settings["patch"]
        start = out.shape[:-2]
        out = out.reshape(-1, height // side, width // side, channels, side, side)
        return out.permute(0, 3, 1, 4, 2, 5).reshape(*start, -1)

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
        if self.has(name + ".query.weight"):
            q, k = self.normed(name + ".query", q), self.normed(name + ".key", k)
        seen = F.scaled_dot_product_attention(q, k, v).transpose(1, 2)
        return self.linear(name + ".output", seen.reshape(rows, tokens, width))

    def normed(self, name, x):
        """Queries or keys of each head under a layer norm, or without shifts under one of the mean square."""
        weight = self.get(name + ".weight")
        if self.has(name + ".bias"):
            return F.layer_norm(x, x.shape[-1:], weight, self.get(name + ".bias"), eps=1e-5)
        return x * (x.square().mean(-1, keepdim=True) + 1e-6).rsqrt() * weight

    def unit(self, name, x):
        """x times weights whose columns have length 1."""
        return x @ unit_columns(self.get(name + ".direction"))

    def mp_condition(self, t, s, labels, guidance):
        seen = lambda scalar: 2**0.5 * self.features(scalar)
        total = self.unit("time", seen(t))
        if self.settings["classes"] > 0:
            table = self.get("label.direction")
            total = mp_sum(total, (unit_columns(table) * table.shape[0] ** 0.5)[labels], 0.5)
        for name, value in self.scalars(t, s, guidance):
            if self.has(name + ".first.direction"):
                hidden = mp_silu(self.unit(name + ".first", seen(value)))
                total = total + self.get(name + ".gain") * self.unit(name + ".second", hidden)
        return mp_silu(total)

    def scale(self, name, condition):
        return 1 + self.get(name + ".gain") * self.unit(name, condition)

    def mp_mlp(self, x, t, s, labels, guidance):
        condition = self.mp_condition(t, s, labels, guidance)
        h = self.unit("input", torch.cat([x, torch.ones_like(x[:, :1])], dim=1))
        for index in range(self.settings["depth"]):
            name = f"blocks.{index}"
            middle = self.unit(name + ".first", mp_silu(h)) * self.scale(name + ".modulation", condition)
            h = mp_sum(h, self.unit(name + ".second", mp_silu(middle)), 0.3)
        return self.get("gain") * self.unit("output", h)

    def mp_transformer(self, x, t, s, labels, guidance):
        condition, tokens, side = self.mp_condition(t, s, labels, guidance), self.tokens(x), self.settings["patch"]
        h = self.unit("embedding", torch.cat([tokens, torch.ones_like(tokens[:, :, :1])], dim=2))
        down, across = self.settings["image"][1] // side, self.settings["image"][2] // side
        h = mp_sum(h, 2**0.5 * self.positions(down, across, h.shape[2]).expand_as(h), 0.5)
        for index in range(self.settings["depth"]):
            name, h = f"blocks.{index}", mp_norm(h)
            first, second = (self.scale(f"{name}.modulations.{place}", condition)[:, None] for place in (0, 1))
            h = mp_sum(h, self.mp_attention(name, first * h), 0.3)
            own = self.unit(name + ".second", mp_silu(self.unit(name + ".first", second * h)))
            h = mp_sum(h, own, 0.3)
        return self.pixels(self.get("gain") * self.unit("output", h))

    def mp_attention(self, name, x):
        rows, tokens, width = x.shape
        heads = self.settings["heads"]
        mixed = self.unit(name + ".attention", x).reshape(rows, tokens, 3, heads, width // heads)
        q, k, v = mp_norm(mixed).permute(2, 0, 3, 1, 4)
        seen = F.scaled_dot_product_attention(q, k, v).transpose(1, 2)
        return self.unit(name + ".mixing", seen.reshape(rows, tokens, width))

    def mean(self, x, t, s, labels, guidance):
        """F, the mean velocity from t to s: what the network gives, or that of the path of its policy."""
        head, out = self.settings["head"], self(x, t, s, labels, guidance)
        if head is None:
            return out
        policy = (mixture if head["name"] == "mixture" else grid)(head, x, t, s, out)
        length, state, total = (s - t) / head["substeps"], x, 0
        for index in range(head["substeps"]):
            velocity = policy(state, t + index * length)
            state, total = state + length * velocity, total + velocity
        return total / head["substeps"]

    def velocity(self, x, t, s, labels, guidance):
        """F, guided by the student itself where its method says so."""
        asked = self.settings["samplingGuidance"]
        mean = self.mean(x, t, s, labels, guidance)
        if asked is None or not asked["from"] <= float(t[0, 0]) <= asked["to"]:
            return mean
        none = None if labels is None else torch.full_like(labels, self.settings["classes"])
        weak = self.mean(x, t, s, none, guidance)
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


def unit_columns(weights):
    return weights * (weights.square().sum(0, keepdim=True) + 1e-8).rsqrt()


def mp_silu(x):
    return F.silu(x) / 0.596


def mp_sum(a, b, share):
    return ((1 - share) * a + share * b) / ((1 - share) ** 2 + share**2) ** 0.5


def mp_norm(x):
    return x * (x.square().mean(-1, keepdim=True) + 1e-8).rsqrt()


def fields(head):
    """Vectors of a sample's shape that the network gives."""
    return 1 if head is None else head["fields"]


def mixture(head, start, time, end, out):
    """The velocity, at a state and a time, of the policy of a mixture of Gaussians for the sample at time 0."""
    count, places, rows = head["components"], head["locations"], start.shape[0]
    out = out.reshape(rows, 2 * count + 1, -1, places)
    means, rest = out[:, :count], out[:, count:].mean(2, keepdim=True)
    logits, variance = rest[:, :count], (2 * rest[:, count:].clamp(*head["logDeviations"])).exp()
    column = lambda value: value.reshape(rows, 1, 1, 1)
    tau, first = column(time.clamp(min=1e-6)), start.reshape(rows, 1, -1, places)

    def policy(x, a):
        x, a = x.reshape(first.shape), column(a)
        share, moved = a / tau, (x - first) / tau
        gain = (1 - a) ** 2 - (share * (1 - tau)) ** 2
        scale = 1 / (share**2 + variance * gain)
        pull = share * (share - 1) * first - (1 - a) * moved
        squares = means.square().sum(2, keepdim=True)
        scores = logits + scale * ((means * pull).sum(2, keepdim=True) - 0.5 * gain * squares)
        mean = (scores.softmax(1) * means).sum(1, keepdim=True)
        drift = share * (1 - tau) * (x - moved) - (1 - a) * x
        return (scale * (share * (moved + mean) + variance * drift)).reshape(start.shape)

    return policy


def grid(head, start, time, end, out):
    """The velocity, at a state and a time, of the policy of samples at evenly spaced times of the step."""
    points = head["points"]
    means = out.reshape(start.shape[0], points, -1)
    places = torch.arange(points, dtype=start.dtype, device=start.device)[None, :, None]

    def policy(x, a):
        position = ((time - a) / (time - end).clamp(min=1e-6) * (points - 1))[:, :, None]
        mean = ((1 - (position - places).abs()).clamp(min=0) * means).sum(1)
        return (x - start + time * mean) / a.clamp(min=1e-6)

    return policy


ENDS = {
    "x_embedder.proj": "embedding", "t_embedder.mlp.0": "time.first", "t_embedder.mlp.2": "time.second",
    "d_embedder.mlp.0": "duration.first", "d_embedder.mlp.2": "duration.second", "g_embedder.mlp.0": "guidance.first",
    "g_embedder.mlp.2": "guidance.second", "r_embedder.mlp.0": "end.first", "r_embedder.mlp.2": "end.second",
    "y_embedder.embedding_table": "label", "final_layer.adaLN_modulation.1": "modulation", "final_layer.linear": "output",
}
LAYERS = {
    "adaLN_modulation.1": "modulation", "attn.qkv": "attention.input", "attn.proj": "attention.output",
    "attn.q_norm": "attention.query", "attn.k_norm": "attention.key", "mlp.fc1": "perceptron.first",
    "mlp.fc2": "perceptron.second",
}


def from_released(tensors, settings):
    """Tensors under the names and in the layout of the released SiT models as this script has them."""
    runs_back, result = settings["convention"] == "sit", {}
    angles = torch.tensor(settings["frequencies"], dtype=torch.float64)[:, None]
    for name, value in tensors.items():
        stem, end = name.rsplit(".", 1) if "." in name else (name, "")
        if stem.startswith("blocks."):
            _, index, layer = stem.split(".", 2)
            own = f"blocks.{index}.{LAYERS[layer]}"
        elif stem in ENDS:
            own = ENDS[stem]
        else:
            continue
        if own == "output":
            # Pixel by pixel with the channels innermost there.
            value = value.reshape(settings["patch"] ** 2, -1, *value.shape[1:]).transpose(0, 1).flatten(0, 1)
            value = -value if runs_back else value
        if value.dim() > 1 and own != "label":
            value = value.flatten(1).T
        if stem.endswith("_embedder.mlp.0") and end == "weight":
            # Cosines, then sines, of descending frequencies there; and perhaps of 1 - t.
            value = value.flip(0)
            if runs_back and own in ("time.first", "end.first"):
                a, b = value.double().chunk(2)
                value = torch.cat([b * angles.sin() - a * angles.cos(), a * angles.sin() + b * angles.cos()]).float()
        result["label.table" if own == "label" else f"{own}.{end}"] = value.contiguous()
    return result


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
