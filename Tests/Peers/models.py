"""Tiny random models in PyTorch under the names of released ones, written to safetensors, with their outputs.

usage: models.py KIND OUT.safetensors: writes a model of no zero weight and prints its output for the inputs below, a number a line.
KIND: qk-layer, qk-rms, unconditional, dit, diffusers-dit, diffusers-sit, meanflow-end, meanflow-duration.
Inputs, in the order of x [3, 2, 4, 4]: sin of 0.37 i; t of 0.2, 0.5, 0.9; classes of 0, 2, 3 (no class); r of 0, 0.3, 0.4. Noise at
t = 1 and the velocity from data to noise, but for the SiT kinds, whose own time is 1 - t with the opposite sign.
"""

import json
import math
import struct
import sys

import torch
from torch import nn

WIDTH, HEADS, DEPTH, SIDE, CHANNELS, GRID, CLASSES = 16, 4, 2, 2, 2, 2, 3


class RMSNorm(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, x):
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6) * self.weight


class Attention(nn.Module):
    def __init__(self, norm=None):
        super().__init__()
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.q_norm = norm(WIDTH // HEADS) if norm else nn.Identity()
        self.k_norm = norm(WIDTH // HEADS) if norm else nn.Identity()
        self.proj = nn.Linear(WIDTH, WIDTH)

    def forward(self, x):
        rows, tokens, width = x.shape
        q, k, v = self.qkv(x).reshape(rows, tokens, 3, HEADS, width // HEADS).permute(2, 0, 3, 1, 4)
        q, k = self.q_norm(q), self.k_norm(k)
        weights = (q @ k.transpose(-1, -2) / math.sqrt(width // HEADS)).softmax(-1)
        return self.proj((weights @ v).transpose(1, 2).reshape(rows, tokens, width))


class Mlp(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(WIDTH, 4 * WIDTH), nn.Linear(4 * WIDTH, WIDTH)

    def forward(self, x):
        return self.fc2(nn.functional.gelu(self.fc1(x), approximate="tanh"))


class Modulation(nn.Sequential):
    def __init__(self, parts):
        super().__init__(nn.SiLU(), nn.Linear(WIDTH, parts * WIDTH))


class Block(nn.Module):
    def __init__(self, norm):
        super().__init__()
        self.attn, self.mlp, self.adaLN_modulation = Attention(norm), Mlp(), Modulation(6)
        self.norm = nn.LayerNorm(WIDTH, elementwise_affine=False, eps=1e-6)

    def forward(self, x, c):
        shift, scale, gate, shift2, scale2, gate2 = self.adaLN_modulation(c)[:, None].chunk(6, dim=-1)
        x = x + gate * self.attn(self.norm(x) * (1 + scale) + shift)
        return x + gate2 * self.mlp(self.norm(x) * (1 + scale2) + shift2)


class TimeEmbedder(nn.Module):
    def __init__(self, features=256, last=None):
        super().__init__()
        self.features, self.last = features, last
        self.mlp = nn.Sequential(nn.Linear(features, WIDTH), nn.SiLU(), nn.Linear(WIDTH, WIDTH))

    def forward(self, t):
        half = self.features // 2
        spacing = half - 1 if self.last else half
        phases = t[:, None] * torch.exp(-math.log(10000) * torch.arange(half).to(t) / spacing)
        return self.mlp(torch.cat([phases.cos(), phases.sin()], dim=-1))


class Labels(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding_table = nn.Embedding(CLASSES + 1, WIDTH)

    def forward(self, y):
        return self.embedding_table(y)


class Patches(nn.Module):
    def __init__(self):
        super().__init__()
        self.proj = nn.Conv2d(CHANNELS, WIDTH, SIDE, stride=SIDE)

    def forward(self, x):
        return self.proj(x).flatten(2).transpose(1, 2)


class Final(nn.Module):
    def __init__(self, outputs):
        super().__init__()
        self.adaLN_modulation = Modulation(2)
        self.norm = nn.LayerNorm(WIDTH, elementwise_affine=False, eps=1e-6)
        self.linear = nn.Linear(WIDTH, outputs * SIDE * SIDE)

    def forward(self, x, c):
        shift, scale = self.adaLN_modulation(c)[:, None].chunk(2, dim=-1)
        return self.linear(self.norm(x) * (1 + scale) + shift)


class Transformer(nn.Module):
    def __init__(self, norm=None, labels=True, second=False, variance=False, last=False):
        super().__init__()
        self.outputs = CHANNELS * (2 if variance else 1)
        self.x_embedder, self.t_embedder = Patches(), TimeEmbedder(last=last)
        self.r_embedder = TimeEmbedder() if second else None
        self.y_embedder = Labels() if labels else None
        self.blocks = nn.ModuleList([Block(norm) for _ in range(DEPTH)])
        self.final_layer = Final(self.outputs)

    def forward(self, x, t, y, r=None):
        c = self.t_embedder(t)
        if self.y_embedder is not None:
            c = c + self.y_embedder(y)
        if self.r_embedder is not None:
            c = c + self.r_embedder(r)
        h = self.x_embedder(x) + positions().to(x)
        for block in self.blocks:
            h = block(h, c)
        out = self.final_layer(h, c).reshape(x.shape[0], GRID, GRID, SIDE, SIDE, self.outputs)
        return out.permute(0, 5, 1, 3, 2, 4).reshape(x.shape[0], self.outputs, SIDE * GRID, SIDE * GRID)[:, :CHANNELS]


def positions():
    """[1, patches, WIDTH]: the column's sines and cosines, then the row's."""
    spacing = 10000.0 ** (-torch.arange(WIDTH // 4).double() / (WIDTH // 4))
    place = torch.arange(GRID * GRID)
    column, row = (place % GRID)[:, None] * spacing, (place // GRID)[:, None] * spacing
    return torch.cat([column.sin(), column.cos(), row.sin(), row.cos()], dim=1)[None]


def diffusers(state):
    """The same numbers under the names of diffusers."""
    names = {"x_embedder": "pos_embed", "final_layer.adaLN_modulation.1": "proj_out_1", "final_layer.linear": "proj_out_2"}
    parts = {"adaLN_modulation.1": "norm1.linear", "attn.proj": "attn1.to_out.0", "mlp.fc1": "ff.net.0.proj", "mlp.fc2": "ff.net.2"}
    shared = {"t_embedder.mlp.0": "timestep_embedder.linear_1", "t_embedder.mlp.2": "timestep_embedder.linear_2",
              "y_embedder.embedding_table": "class_embedder.embedding_table"}
    result = {}
    for name, value in state.items():
        stem, end = name.rsplit(".", 1)
        if stem in shared:
            for index in range(DEPTH):
                result[f"transformer_blocks.{index}.norm1.emb.{shared[stem]}.{end}"] = value
        elif name.startswith("blocks."):
            _, index, layer = stem.split(".", 2)
            if layer == "attn.qkv":
                for letter, part in zip("qkv", value.chunk(3)):
                    result[f"transformer_blocks.{index}.attn1.to_{letter}.{end}"] = part
            else:
                result[f"transformer_blocks.{index}.{parts[layer]}.{end}"] = value
        else:
            old = next(old for old in names if stem.startswith(old))
            result[f"{stem.replace(old, names[old])}.{end}"] = value
    return result


def save(state, path):
    header, data = {}, b""
    for name, value in state.items():
        piece = value.detach().float().contiguous().numpy().tobytes()
        header[name] = {"dtype": "F32", "shape": list(value.shape), "data_offsets": [len(data), len(data) + len(piece)]}
        data += piece
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


def diffusion(model, x, t, y):
    """The velocity of a DiT at times of the straight path, by the schedule of its release."""
    signal = torch.cumprod(1 - torch.linspace(1e-4, 0.02, 1000).double(), 0)
    ratio = (1 - signal).sqrt() / signal.sqrt()
    times = ratio / (1 + ratio)
    above = torch.searchsorted(times, t)
    low, high = times[above - 1], times[above]
    step = above - 1 + (t - low) / (high - low)
    spread = ((1 - t) ** 2 + t**2).sqrt()[:, None, None, None]
    noise = model(x / spread, step, y)
    return (noise - x) / (1 - t)[:, None, None, None]


def main(kind, path):
    torch.manual_seed(11)
    norm = {"qk-layer": nn.LayerNorm, "qk-rms": RMSNorm}.get(kind)
    model = Transformer(
        norm, labels=kind != "unconditional", second=kind.startswith("meanflow"), variance="dit" in kind,
        last=kind.startswith("diffusers"))
    for parameter in model.parameters():
        nn.init.normal_(parameter, std=0.3)
    state = model.state_dict()
    save(diffusers(state) if kind.startswith("diffusers") else state, path)
    model = model.double()
    x = torch.sin(0.37 * torch.arange(3 * CHANNELS * 16).double()).float().double().reshape(3, CHANNELS, 4, 4)
    t = torch.tensor([0.2, 0.5, 0.9]).double()
    y, r = torch.tensor([0, 2, 3]), torch.tensor([0, 0.3, 0.4]).double()
    with torch.no_grad():
        if kind.endswith("dit"):
            out = diffusion(model, x, t, y)
        elif kind.startswith("meanflow"):
            out = model(x, t, y, r if kind.endswith("end") else t - r)
        else:
            out = -model(x, 1 - t, y)
    print("\n".join(repr(value) for value in out.flatten().tolist()))


if __name__ == "__main__":
    main(*sys.argv[1:])
