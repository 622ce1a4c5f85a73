"""The step in PyTorch: eager, or all of it under torch.compile."""
import numpy as np
import torch
import torch.nn.functional as F

import step as shared

parser = shared.arguments()
parser.add_argument("--compile", action="store_true")
options = parser.parse_args()


def product(x, y):
    if options.precision == "float32":
        return x @ y
    return (x.bfloat16() @ y.bfloat16()).float()


def linear(p, name, x):
    if options.precision == "float32":
        return F.linear(x, p[name + ".weight"].t(), p[name + ".bias"])
    return product(x, p[name + ".weight"]) + p[name + ".bias"]


def features(constants, t):
    phase = t * constants["frequencies"]
    return torch.cat([phase.sin(), phase.cos()], 1)


def mlp(model, constants, p, x, t, labels):
    h = linear(p, "input", x) + linear(p, "time", features(constants, t))
    if model["classes"]:
        h = h + F.embedding(labels, p["label"])
    h = F.silu(h)
    for layer in range(1, model["depth"]):
        h = F.silu(linear(p, f"hidden.{layer}", h))
    return linear(p, "output", h)


def transformer(model, constants, p, x, t, labels):
    rows, width, heads, patch = x.shape[0], model["width"], model["heads"], model["patch"]
    across = model["side"] // patch
    tokens = across * across
    norm = lambda h: F.layer_norm(h, (width,), eps=1e-6)
    c = linear(p, "time.second", F.silu(linear(p, "time.first", features(constants, t)))) + F.embedding(labels, p["label"])
    c = F.silu(c)
    h = x.reshape(rows, across, patch, across, patch).permute(0, 1, 3, 2, 4).reshape(rows, tokens, patch * patch)
    h = linear(p, "embedding", h) + constants["positions"]
    for b in range(model["depth"]):
        s1, k1, g1, s2, k2, g2 = linear(p, f"{b}.modulation", c)[:, None].chunk(6, -1)
        mixed = linear(p, f"{b}.input", norm(h) * (1 + k1) + s1)
        query, key, value = mixed.view(rows, tokens, 3, heads, width // heads).permute(2, 0, 3, 1, 4).unbind(0)
        # The fused attention has no forward derivative on a CPU.
        seen = product(torch.softmax(product(query, key.transpose(-1, -2)) * (width // heads) ** -0.5, -1), value)
        h = h + g1 * linear(p, f"{b}.output", seen.transpose(1, 2).reshape(rows, tokens, width))
        hidden = F.gelu(linear(p, f"{b}.first", norm(h) * (1 + k2) + s2), approximate="tanh")
        h = h + g2 * linear(p, f"{b}.second", hidden)
    shift, scale = linear(p, "modulation", c)[:, None].chunk(2, -1)
    out = linear(p, "output", norm(h) * (1 + scale) + shift)
    return out.reshape(rows, across, across, patch, patch).permute(0, 1, 3, 2, 4).reshape(rows, -1)


def gradients(model, constants, student, auxiliary, teacher, b):
    """Through torch.func alone, so that torch.compile takes it whole."""
    body = transformer if "patch" in model else mlp
    network = lambda p, x, t, labels: body(model, constants, p, x, t, labels)
    count, ones = b["noise"].numel(), torch.ones_like(b["duration"])

    def with_slope(p):
        return torch.func.jvp(lambda d: network(p, b["noise"], d, b["labels"]), (b["duration"],), (ones,))

    value, back, slope = torch.func.vjp(with_slope, student, has_aux=True)
    there = network(teacher, b["noise"] - b["duration"] * value, 1 - b["duration"], b["labels"])
    first, = back((value + b["duration"] * slope - there) / count)
    velocity, back = torch.func.vjp(lambda p: network(p, b["second"], ones, b["second_labels"]), student)
    samples = b["second"] - velocity
    state = (1 - b["time"]) * samples + b["time"] * b["renoise"]
    own, own_back = torch.func.vjp(lambda p: network(p, state, b["time"], b["second_labels"]), auxiliary)
    second, = back((own - network(teacher, state, b["time"], b["second_labels"])) / count)
    own_gradient, = own_back(2 * (own - (b["renoise"] - samples)) / count)
    return {name: first[name] + second[name] for name in first}, own_gradient


def make(name, compiled):
    model = shared.MODELS[name]
    student, auxiliary, teacher = (
        {n: torch.tensor(v) for n, v in shared.weights(model, s).items()} for s in (1, 2, 3))
    b = {n: torch.tensor(v).long() if "labels" in n else torch.tensor(v) for n, v in shared.batch(model).items()}
    constants = {"frequencies": torch.tensor(shared.frequencies(model))}
    if "patch" in model:
        constants["positions"] = torch.tensor(shared.positions(model))
    average = [v.clone() for v in student.values()]
    optimizers = [
        torch.optim.Adam(list(p.values()), lr=shared.RATE, betas=(shared.BETA1, shared.BETA2), eps=shared.EPSILON, fused=True)
        for p in (student, auxiliary)]
    body = lambda student, auxiliary: gradients(model, constants, student, auxiliary, teacher, b)
    if compiled:
        body = torch.compile(body, fullgraph=True)

    def one():
        with torch.no_grad():
            found = body(student, auxiliary)
            for p, g, optimizer in zip((student, auxiliary), found, optimizers):
                for n, v in p.items():
                    v.grad = g[n]
                optimizer.step()
            torch._foreach_lerp_(average, list(student.values()), 1 - shared.AVERAGE)

    return one, lambda: body(student, auxiliary)


def main():
    torch.set_num_threads(1)
    torch.set_num_interop_threads(1)
    if options.gradients:
        with torch.no_grad():
            found = make(options.model, options.compile)[1]()
        np.savez(
            options.gradients,
            **{f"{part}/{n}": v.numpy() for part, g in zip(("student", "auxiliary"), found) for n, v in g.items()})
        return
    peer = "torch-compile" if options.compile else "torch-eager"
    shared.measure(peer, options.model, options, lambda: make(options.model, options.compile)[0])


if __name__ == "__main__":
    main()
