"""The step in JAX: one jit over all of it, its state donated."""
import os

os.environ["JAX_PLATFORMS"] = "cpu"
one_thread = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
os.environ["XLA_FLAGS"] = f"{one_thread} {os.environ.get('XLA_FLAGS', '')}"

import jax
import jax.numpy as jnp
import numpy as np

import step as shared

tree = jax.tree_util.tree_map
options = shared.arguments().parse_args()


def product(x, y):
    if options.precision == "float32":
        return x @ y
    return jnp.matmul(x.astype(jnp.bfloat16), y.astype(jnp.bfloat16), preferred_element_type=jnp.float32)


def linear(p, name, x):
    weight = p[name + ".weight"]
    flat = product(x.reshape(-1, weight.shape[0]), weight) + p[name + ".bias"]
    return flat.reshape(*x.shape[:-1], weight.shape[1])


def features(model, t):
    phase = t * shared.frequencies(model)
    return jnp.concatenate([jnp.sin(phase), jnp.cos(phase)], axis=1)


def mlp(model, p, x, t, labels):
    h = linear(p, "input", x) + linear(p, "time", features(model, t))
    if model["classes"]:
        h = h + p["label"][labels]
    h = jax.nn.silu(h)
    for layer in range(1, model["depth"]):
        h = jax.nn.silu(linear(p, f"hidden.{layer}", h))
    return linear(p, "output", h)


def norm(x):
    centred = x - x.mean(-1, keepdims=True)
    return centred * jax.lax.rsqrt(jnp.square(centred).mean(-1, keepdims=True) + 1e-6)


def transformer(model, p, x, t, labels):
    rows, width, heads, patch = x.shape[0], model["width"], model["heads"], model["patch"]
    across = model["side"] // patch
    tokens = across * across
    c = linear(p, "time.second", jax.nn.silu(linear(p, "time.first", features(model, t)))) + p["label"][labels]
    c = jax.nn.silu(c)
    h = x.reshape(rows, across, patch, across, patch).transpose(0, 1, 3, 2, 4).reshape(rows, tokens, patch * patch)
    h = linear(p, "embedding", h) + shared.positions(model)

    def block(h, q):
        s1, k1, g1, s2, k2, g2 = jnp.split(linear(q, "modulation", c)[:, None], 6, axis=-1)
        mixed = linear(q, "input", norm(h) * (1 + k1) + s1)
        query, key, value = mixed.reshape(rows, tokens, 3, heads, width // heads).transpose(2, 0, 3, 1, 4)
        seen = jax.nn.softmax(product(query, key.swapaxes(-1, -2)) * (width // heads) ** -0.5, axis=-1)
        seen = product(seen, value)
        h = h + g1 * linear(q, "output", seen.transpose(0, 2, 1, 3).reshape(rows, tokens, width))
        hidden = jax.nn.gelu(linear(q, "first", norm(h) * (1 + k2) + s2), approximate=True)
        return h + g2 * linear(q, "second", hidden), None

    # A scan over blocks: unrolled, XLA computes the residual stream again inside of each fusion, several times slower.
    h, _ = jax.lax.scan(block, h, p["blocks"])
    shift, scale = jnp.split(linear(p, "modulation", c)[:, None], 2, axis=-1)
    out = linear(p, "output", norm(h) * (1 + scale) + shift)
    return out.reshape(rows, across, across, patch, patch).transpose(0, 1, 3, 2, 4).reshape(rows, -1)


def stacked(model, p):
    if "patch" not in model:
        return p
    names = [name[2:] for name in p if name.startswith("0.")]
    blocks = {n: jnp.stack([p[f"{b}.{n}"] for b in range(model["depth"])]) for n in names}
    return {n: v for n, v in p.items() if not n[0].isdigit()} | {"blocks": blocks}


def gradients(model, student, auxiliary, teacher, b):
    network = transformer if "patch" in model else mlp
    count = b["noise"].size
    ones = jnp.ones_like(b["duration"])

    def losses(p):
        value, slope = jax.jvp(lambda d: network(model, p, b["noise"], d, b["labels"]), (b["duration"],), (ones,))
        there = network(model, teacher, b["noise"] - b["duration"] * value, 1 - b["duration"], b["labels"])
        residual = jax.lax.stop_gradient(value + b["duration"] * slope - there)
        velocity = network(model, p, b["second"], ones, b["second_labels"])
        samples = jax.lax.stop_gradient(b["second"] - velocity)
        state = (1 - b["time"]) * samples + b["time"] * b["renoise"]
        own, back = jax.vjp(lambda a: network(model, a, state, b["time"], b["second_labels"]), auxiliary)
        gap = jax.lax.stop_gradient(own - network(model, teacher, state, b["time"], b["second_labels"]))
        own_gradient = back(2 * (own - (b["renoise"] - samples)) / count)[0]
        return ((value * residual).sum() + (velocity * gap).sum()) / count, own_gradient

    student_gradient, own_gradient = jax.grad(losses, has_aux=True)(student)
    return student_gradient, own_gradient


def adam(p, m, v, g, step):
    m = tree(lambda m, g: shared.BETA1 * m + (1 - shared.BETA1) * g, m, g)
    v = tree(lambda v, g: shared.BETA2 * v + (1 - shared.BETA2) * g * g, v, g)
    size, second = shared.RATE / (1 - shared.BETA1**step), 1 / (1 - shared.BETA2**step)
    return tree(lambda p, m, v: p - size * m / (jnp.sqrt(v * second) + shared.EPSILON), p, m, v), m, v


def make(name):
    model = shared.MODELS[name]
    student, auxiliary, teacher = (stacked(model, tree(jnp.array, shared.weights(model, s))) for s in (1, 2, 3))
    b = tree(jnp.array, shared.batch(model))
    zeros = lambda p: tree(jnp.zeros_like, p)
    state = dict(
        student=student, m=zeros(student), v=zeros(student), average=tree(jnp.copy, student), auxiliary=auxiliary,
        own_m=zeros(auxiliary), own_v=zeros(auxiliary), step=jnp.float32(0))

    def advance(s, teacher, b):
        g, own = gradients(model, s["student"], s["auxiliary"], teacher, b)
        step = s["step"] + 1
        student, m, v = adam(s["student"], s["m"], s["v"], g, step)
        auxiliary, own_m, own_v = adam(s["auxiliary"], s["own_m"], s["own_v"], own, step)
        average = tree(lambda a, p: shared.AVERAGE * a + (1 - shared.AVERAGE) * p, s["average"], student)
        return dict(
            student=student, m=m, v=v, average=average, auxiliary=auxiliary, own_m=own_m, own_v=own_v, step=step)

    compiled = jax.jit(advance, donate_argnums=0)
    holder = [state]

    def one():
        holder[0] = jax.block_until_ready(compiled(holder[0], teacher, b))

    return one, lambda: gradients(model, student, auxiliary, teacher, b)


def main():
    if options.gradients:
        flat = {}
        for part, g in zip(("student", "auxiliary"), make(options.model)[1]()):
            blocks = g.pop("blocks", {})
            for name, value in g.items():
                flat[f"{part}/{name}"] = np.asarray(value)
            for name, value in blocks.items():
                flat |= {f"{part}/{b}.{name}": np.asarray(value[b]) for b in range(len(value))}
        np.savez(options.gradients, **flat)
        return
    shared.measure("jax-jit", options.model, options, lambda: make(options.model)[0])


if __name__ == "__main__":
    main()
