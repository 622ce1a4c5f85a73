"""What the peers share: the three networks, their weights and batch, and how a step is timed.

The step is that of `Benchmarks/Step/FreeFlowStep.swift`: prediction with its exact derivative and correction, each on the full
batch, the auxiliary's own step on the correction's states, Adam on both, the student's moving average. Velocities point to noise.
"""
import argparse
import math
import resource
import statistics
import time

import numpy as np

RATE, BETA1, BETA2, EPSILON, AVERAGE = 1e-4, 0.9, 0.999, 1e-8, 0.999

MODELS = {
    "mlp2d": dict(batch=1024, dimension=2, classes=0, width=256, depth=4, features=64),
    "digits": dict(batch=512, dimension=64, classes=10, width=512, depth=4, features=64),
    "dit28": dict(batch=64, dimension=784, classes=10, width=128, depth=6, features=128, side=28, patch=4, heads=4),
}


def frequencies(model):
    count = model["features"] // 2
    return np.geomspace(1.0, 100.0, count).astype(np.float32)


def positions(model):
    """A quarter of the columns each: sines and cosines of the column's and the row's number."""
    across, quarter = model["side"] // model["patch"], model["width"] // 4
    scales = 10000.0 ** (-np.arange(quarter) / quarter)
    number = np.arange(across * across)
    x, y = np.outer(number % across, scales), np.outer(number // across, scales)
    return np.concatenate([np.sin(x), np.cos(x), np.sin(y), np.cos(y)], axis=1).astype(np.float32)


def weights(model, seed):
    """Name → array; matrices are [inputs, outputs]. None is zero, so every gradient is alive."""
    draw = np.random.default_rng(seed)
    result = {}

    def linear(name, inputs, outputs):
        result[name + ".weight"] = (draw.standard_normal((inputs, outputs)) / math.sqrt(inputs)).astype(np.float32)
        result[name + ".bias"] = (0.05 * draw.standard_normal(outputs)).astype(np.float32)

    width = model["width"]
    if model["classes"]:
        result["label"] = (0.1 * draw.standard_normal((model["classes"] + 1, width))).astype(np.float32)
    if "patch" not in model:
        linear("input", model["dimension"], width)
        linear("time", model["features"], width)
        for layer in range(1, model["depth"]):
            linear(f"hidden.{layer}", width, width)
        linear("output", width, model["dimension"])
        return result
    pixels = model["patch"] ** 2
    linear("embedding", pixels, width)
    linear("time.first", model["features"], width)
    linear("time.second", width, width)
    for block in range(model["depth"]):
        linear(f"{block}.modulation", width, 6 * width)
        linear(f"{block}.input", width, 3 * width)
        linear(f"{block}.output", width, width)
        linear(f"{block}.first", width, 4 * width)
        linear(f"{block}.second", 4 * width, width)
    linear("modulation", width, 2 * width)
    linear("output", width, pixels)
    return result


def batch(model, seed=0):
    draw = np.random.default_rng(seed)
    rows, shape = model["batch"], (model["batch"], model["dimension"])
    classes = max(1, model["classes"])
    return dict(
        noise=draw.standard_normal(shape).astype(np.float32), duration=draw.random((rows, 1)).astype(np.float32),
        labels=draw.integers(0, classes, rows).astype(np.int32), second=draw.standard_normal(shape).astype(np.float32),
        second_labels=draw.integers(0, classes, rows).astype(np.int32),
        renoise=draw.standard_normal(shape).astype(np.float32), time=draw.random((rows, 1)).astype(np.float32))


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("model", choices=list(MODELS))
    parser.add_argument("--steps", type=int, default=10)
    parser.add_argument("--warm-up", type=int, default=3)
    parser.add_argument("--precision", choices=["float32", "mixed"], default="float32",
                        help="mixed: products of bfloat16 operands, everything else float32")
    parser.add_argument("--gradients", help="write the gradients of the first step to this .npz and stop")
    return parser


def measure(peer, name, options, make):
    """`make` gives a function that does one step to its end. Prints the peer's rows; time is the process's own.

    The time to the first step is all that comes before it: tracing and compiling, without the step itself.
    """
    start = time.perf_counter()
    step = make()
    step()
    first = time.perf_counter() - start
    for _ in range(options.warm_up):
        step()
    times = []
    for _ in range(options.steps):
        before = time.process_time()
        step()
        times.append((time.process_time() - before) * 1e3)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"peer,{peer},{name},{options.precision},1,{statistics.median(times):.2f},{min(times):.2f},{max(times):.2f}")
    print(f"peer-memory,{peer},{name},{options.precision},{peak}")
    first = max(0, first - statistics.median(times) / 1e3)
    print(f"peer-first-step,{peer},{name},{options.precision},{first:.3f}", flush=True)
