"""A SiT forward pass in PyTorch under the released names, as a peer of the one in Swift.

usage: sit.py MODEL.safetensors INPUTS.safetensors HEADS: prints the velocities, a number a line.
INPUTS has x [n, channels, height, width], t [n] and y [n]. Only torch is needed.
"""

import json
import math
import struct
import sys

import torch
import torch.nn.functional as F


def load(path):
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = file.read()
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        flat = torch.frombuffer(bytearray(data[begin:end]), dtype=torch.float32)
        tensors[name] = flat.reshape(entry["shape"]).double()
    return tensors


def linear(model, name, x):
    return F.linear(x, model[name + ".weight"], model[name + ".bias"])


def frequencies(model):
    if "t_embedder.frequencies" in model:
        return model["t_embedder.frequencies"]
    half = model["t_embedder.mlp.0.weight"].shape[1] // 2
    return torch.exp(-math.log(10000) * torch.arange(half).double() / half)


def normed(x):
    return F.layer_norm(x, x.shape[-1:], eps=1e-6)


def modulated(x, shift, scale):
    return x * (1 + scale[:, None]) + shift[:, None]


def attention(model, name, x, heads):
    rows, tokens, width = x.shape
    mixed = linear(model, name + ".qkv", x).reshape(rows, tokens, 3, heads, width // heads)
    q, k, v = mixed.permute(2, 0, 3, 1, 4)
    seen = F.scaled_dot_product_attention(q, k, v)
    return linear(model, name + ".proj", seen.transpose(1, 2).reshape(rows, tokens, width))


def block(model, name, x, c, heads):
    parts = linear(model, name + ".adaLN_modulation.1", F.silu(c)).chunk(6, dim=1)
    x = x + parts[2][:, None] * attention(model, name + ".attn", modulated(normed(x), parts[0], parts[1]), heads)
    inner = F.gelu(linear(model, name + ".mlp.fc1", modulated(normed(x), parts[3], parts[4])), approximate="tanh")
    return x + parts[5][:, None] * linear(model, name + ".mlp.fc2", inner)


def forward(model, x, t, y, heads):
    weight = model["x_embedder.proj.weight"]
    side, channels = weight.shape[2], x.shape[1]
    tokens = F.conv2d(x, weight, model["x_embedder.proj.bias"], stride=side)
    down, across = tokens.shape[2:]
    h = tokens.flatten(2).transpose(1, 2) + model["pos_embed"]
    phases = t[:, None] * frequencies(model)[None]
    features = torch.cat([phases.cos(), phases.sin()], dim=-1)
    c = linear(model, "t_embedder.mlp.2", F.silu(linear(model, "t_embedder.mlp.0", features)))
    c = c + model["y_embedder.embedding_table.weight"][y.long()]
    index = 0
    while f"blocks.{index}.attn.qkv.weight" in model:
        h = block(model, f"blocks.{index}", h, c, heads)
        index += 1
    shift, scale = linear(model, "final_layer.adaLN_modulation.1", F.silu(c)).chunk(2, dim=1)
    out = linear(model, "final_layer.linear", modulated(normed(h), shift, scale))
    out = out.reshape(x.shape[0], down, across, side, side, -1).permute(0, 5, 1, 3, 2, 4)
    return out.reshape(x.shape[0], -1, x.shape[2], x.shape[3])[:, :channels]


if __name__ == "__main__":
    inputs = load(sys.argv[2])
    velocity = forward(load(sys.argv[1]), inputs["x"], inputs["t"], inputs["y"], int(sys.argv[3]))
    print("\n".join(repr(value) for value in velocity.flatten().tolist()))
