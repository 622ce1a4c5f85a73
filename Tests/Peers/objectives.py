"""The losses of all methods and their gradients in JAX float64, as a peer of those in Swift.

usage: objectives.py CASES.json RESULTS.json [--flip TERM | --flip-each [METHOD ...]]

Written from the papers, whose equations are cited, and from no other program. A case has the weights of tiny
perceptrons, and the rows of each term of a method as they were drawn: t, s, r, fraction, level [n, 1], sample,
noise, renoise [n, d], labels [n]. A result has the gradient of the student's loss by all its weights, the
auxiliary's and the learned weight's where a method has one, the mean squares that are recorded, and the names
of the terms that were added up. `--flip TERM` turns the sign of one of them, so that a comparison has to fail;
`--flip-each` adds to the result of each method, or of the named ones, the gradients with each of its terms turned.

Conventions. x at t = 0, noise at t = 1, x_t = (1 - t) x + t n, v = n - x, f(x, t, s) = x + (s - t) F(x, t, s),
dx/dt = u. The loss is the mean over rows and numbers of w e^2 / 2 with e = F - target and w = 1 where nothing
else is said, so that its gradient is the mean of e dF.
"""

import json
import sys

import jax
import jax.numpy as jnp

jax.config.update("jax_enable_x64", True)
jax.config.update("jax_platforms", "cpu")

sg = jax.lax.stop_gradient


class Signs:
    """The terms of the sums below, by name: one of them may be turned."""

    flipped = None
    seen = []

    @classmethod
    def use(cls, flipped):
        cls.flipped, cls.seen = flipped, []


def term(name, value):
    if name not in Signs.seen:
        Signs.seen.append(name)
    return -value if Signs.flipped == name else value


# Networks: h1 = silu(W x + A phi(t) + e(c) + g(t - s)), h = silu(W h + b), out = W h + b.


def linear(p, name, x):
    return x @ p[name + ".weight"] + p[name + ".bias"]


def features(omega, t):
    return jnp.concatenate([jnp.sin(t * omega), jnp.cos(t * omega)], 1)


def embedder(p, name, omega, a):
    return linear(p, name + ".second", jax.nn.silu(linear(p, name + ".first", features(omega, a))))


def network(net, p, x, t, s, labels):
    """A velocity's network where s is None; `early` layers of a decoupled one see t, the later ones s."""
    omega = net["omega"]
    h = linear(p, "input", x) + linear(p, "time", features(omega, t))
    if "label.table" in p:
        h = h + p["label.table"][labels]
    if "duration.first.weight" in p:
        h = h + embedder(p, "duration", omega, t - s)
    h = jax.nn.silu(h)
    layer = 0
    while f"hidden.{layer}.weight" in p:
        h = linear(p, f"hidden.{layer}", h)
        if net.get("early") == layer + 1:
            h = h + embedder(p, "target", omega, s)
        h = jax.nn.silu(h)
        layer += 1
    return linear(p, "output", h)


class Nets:
    """F of the student, of the network of targets, u of the teacher under guidance, and v of the auxiliary."""

    def __init__(self, case, rows, student):
        self.case, self.rows, self.p = case, rows, student
        self.c, self.none = rows["labels"], jnp.full_like(rows["labels"], case["classes"])

    def _raw(self, name, p, x, t, s, c):
        return network(self.case["networks"][name], p, x, t, s, c)

    def F(self, x, t, s, c=None):
        return self._raw("student", self.p, x, t, s, self.c if c is None else c)

    def fixed(self, x, t, s, c=None):
        """The student's F, constant."""
        return self._raw("student", sg(self.p), x, t, s, self.c if c is None else c)

    def other(self, x, t, s):
        """F of the network of targets: an average or a predecessor."""
        return self._raw("target", self.case["networks"]["target"]["p"], x, t, s, self.c)

    def f(self, F, x, t, s):
        return x + term("map: (s - t) F", (s - t) * F(x, t, s))

    def u(self, x, t):
        """u_w = u_null + w (u_c - u_null) for t in the interval (2207.12598, 2404.07724)."""
        p = self.case["networks"]["teacher"]["p"]
        given = self._raw("teacher", p, x, t, None, self.c)
        guidance = self.rows["guidance"]
        if guidance is None:
            return given
        null = self._raw("teacher", p, x, t, None, self.none)
        guided = null + guidance["scale"] * (given - null)
        return jnp.where((t >= guidance["from"]) & (t <= guidance["to"]), guided, given)

    def psi(self, x, t, p=None):
        p = self.case["networks"]["auxiliary"]["p"] if p is None else p
        return self._raw("auxiliary", p, x, t, None, self.c)

    def v(self, x_t, t, s=None):
        """The conditional velocity; under guidance w v + (1 - w - k) F(x_t, t, s | null) + k F(x_t, t, s | c) with s = t
        (2505.13447, Eq. 21), or the end of the step that it is learned under (2410.12557)."""
        v = term("noise", self.rows["noise"]) + term("data", -self.rows["sample"])
        guidance = self.rows["guidance"]
        if guidance is None:
            return v
        end, kappa = t if s is None else s, guidance["kappa"]
        own = self.fixed(x_t, t, end, self.none)
        guided = term("scaled", guidance["scale"] * v) + (1 - guidance["scale"] - kappa) * own
        if kappa:
            guided = guided + term("mixed", kappa * self.fixed(x_t, t, end))
        inside = (t >= guidance["from"]) & (t <= guidance["to"])
        # A row whose class is withheld takes the plain velocity.
        return jnp.where(inside & (self.c != self.none)[:, None], guided, v)


def noised(sample, noise, t):
    return (1 - t) * sample + t * noise


def state(rows, t):
    return noised(rows["sample"], rows["noise"], t)


def total(F, start, along):
    """F and its derivative along a direction of (x, t, s)."""
    return jax.jvp(F, start, along)


# Wrappers of a residual e [n, d], each with its weight w [n, 1], constant: the loss is w e^2 / 2.


def mean_square(e):
    return jnp.mean(e**2, 1, keepdims=True)


def plain(e):
    return jnp.ones_like(e[:, :1])


def adaptive(power, constant):
    """1 / (|e|^2 / d + c)^p (2505.13447, Eq. 22; 2511.19428)."""
    return lambda e: 1 / (mean_square(e) + constant) ** power


def adaptive_of_sum(power, constant):
    """1 / (|e|^2 + c)^p, times d^p (2505.13447's code)."""
    return lambda e: 1 / (mean_square(e) + constant / e.shape[1]) ** power


def normalised(e):
    """g / (|g| / sqrt(d) + 0.1) (2410.11081, Sec. 4.1, with the norm of NVIDIA's code)."""
    return 1 / (jnp.sqrt(mean_square(e)) + 0.1)


def regression(e, weight, scale=1.0):
    return jnp.sum(scale * sg(weight(e)) * e**2) / 2


# The identities. Each gives the residual F - sg(target).


def eulerian(n, x, t, s, v, ramp=1.0):
    """F = v - (t - s) dF/dt along (v, 1, 0) (2505.13447, Eq. 6 to 8; 2506.14603, Eq. 8)."""
    v = sg(v)
    _, derivative = total(n.fixed, (x, t, s), (v, jnp.ones_like(t), jnp.zeros_like(s)))
    target = term("velocity", v) + term("Eulerian: -(t - s) dF/dt", -ramp * (t - s) * derivative)
    return n.F(x, t, s) - sg(target)


def lagrangian(n, x, t, s, velocity):
    """F = u(f, s) + (t - s) dF/ds along (0, 0, 1) (2511.19428, Eq. 7; 2505.18825, Eq. 13)."""
    F, derivative = total(
        n.fixed, (x, t, s), (jnp.zeros_like(x), jnp.zeros_like(t), jnp.ones_like(s)))
    f = x + term("map: (s - t) F", (s - t) * F)
    target = term("velocity", velocity(f, s)) + term("Lagrangian: (t - s) dF/ds", (t - s) * derivative)
    return n.F(x, t, s) - sg(target)


def semigroup(n, F, x, t, s, fraction):
    """F(t, s) = (1 - rho) F(x, t, m) + rho F(x_m, m, s) (2410.12557, Eq. 5; 2505.18825, Eq. 16), m = s + rho (t - s)."""
    m = s + fraction * (t - s)
    first = F(x, t, m)
    x_m = x + term("map: (m - t) F", (m - t) * first)
    target = term("first half", (1 - fraction) * first) + term("second half", fraction * F(x_m, m, s))
    return n.F(x, t, s) - sg(target)


def interior(n, x, t, s, fraction, velocity):
    """F = E_r u(x_r, r), x_r = f(x, t, r) (2505.14502, Eq. 10)."""
    r = s + fraction * (t - s)
    x_r = n.f(n.fixed, x, t, r)
    return n.F(x, t, s) - sg(term("velocity", velocity(x_r, r)))


def end(n, t, s, fraction, rows, velocity):
    """The same from a drawn x_r, with x_t = f(x_r, r, t) (2505.14502, Eq. 12)."""
    r = s + fraction * (t - s)
    x_r = state(rows, r)
    x_t = sg(n.f(n.fixed, x_r, r, t))
    return n.F(x_t, t, s) - sg(term("velocity", velocity(x_r, r)))


def consistency(n, F, x, t, x_r, r):
    """f(x_t, t, 0) = f(x_r, r, 0) as a residual of F: (x_t - f(x_r, r, 0)) / t (2303.01469, Eq. 7 and 10)."""
    neighbour = x_r + term("map: -r F", -r * F(x_r, r, jnp.zeros_like(r)))
    target = (term("state", x) + term("neighbour", -neighbour)) / t
    return n.F(x, t, jnp.zeros_like(t)) - sg(target)


# Distribution matching: a gradient by the sample x0 = z - F(z, 1, 0), so that dL/dF = -dL/dx0.


def one_step(n, rows):
    z = rows["noise"]
    one, zero = jnp.ones_like(rows["t"]), jnp.zeros_like(rows["t"])
    F = n.F(z, one, zero)
    return F, z + term("sample: -F", -F)


def score_gap(n, rows, x0):
    """v_psi - u at x_r = (1 - r) x0 + r n: (r / (1 - r)) times the difference of scores (2305.16213, Eq. 9)."""
    r, x_r = rows["level"], noised(sg(x0), rows["renoise"], rows["level"])
    u = n.u(x_r, r)
    return r, x_r, u, term("auxiliary", n.psi(x_r, r)) + term("teacher", -u)


def score(n, rows, weight):
    F, x0 = one_step(n, rows)
    r, x_r, u, gap = score_gap(n, rows, x0)
    # The gradient by x0 is -weight (v_psi - u), that by F therefore weight (v_psi - u).
    weighted = weight(n, sg(x0), x_r, u, r) * gap
    return jnp.sum(F * sg(weighted)), weighted


def of_velocities(n, x0, x_r, u, r):
    """2511.19428, Eq. 11."""
    return 1.0


def of_denoisers(n, x0, x_r, u, r):
    """D_psi - D_phi = -r (v_psi - u) (2305.18455, 2410.11081, App. C)."""
    return r


def of_trig_flow(n, x0, x_r, u, r):
    """(D_psi - D_phi) / sin tau, sin tau = r / sqrt((1 - r)^2 + r^2) (2410.11081, App. C)."""
    return jnp.sqrt((1 - r) ** 2 + r**2)


def of_normalised_denoisers(n, x0, x_r, u, r):
    """The same by the mean of |x0 - D_phi| (2405.14867; 2311.18828, Eq. 8), which 1e-6 keeps from 0."""
    return r / (jnp.mean(jnp.abs(x0 - (x_r - r * u)), 1, keepdims=True) + 1e-6)


def fisher(n, rows, weight, alpha):
    """2 (u - v_psi) . ((u - (n - x0)) - alpha (u - v_psi)), the gradient through x_r too (2410.19310, Eq. 13; 2404.04057, Eq. 23)."""
    _, x0 = one_step(n, rows)
    r = rows["level"]
    x_r = noised(x0, rows["renoise"], r)
    u, v = n.u(x_r, r), n.psi(x_r, r)
    gap = u - v
    inner = term("projection", u - (rows["renoise"] - x0)) + term("alpha", -alpha * gap)
    return jnp.sum(sg(weight(n, sg(x0), sg(x_r), sg(u), r)) * 2 * gap * inner), gap


def fisher_normalised(n, x0, x_r, u, r):
    return r * of_normalised_denoisers(n, x0, x_r, u, r)


# Inductive moment matching (2503.07565, Eq. 12 and 13, Algorithm 3).


def moments(n, rows, group=4, power=1, bias=4):
    t, s, r = rows["t"], rows["s"], rows["r"]
    a = n.f(n.F, state(rows, t), t, s)
    b = sg(n.f(n.fixed, state(rows, r), r, s))
    count, d = a.shape
    a, b = a.reshape(-1, group, d), b.reshape(-1, group, d)
    t, s = t.reshape(-1, group)[:, 0], s.reshape(-1, group)[:, 0]

    def kernel(x, y):
        difference = x[:, :, None, :] - y[:, None, :, :]
        square = jnp.sum(difference**2, -1)
        # |a - b| with a gradient of 0 where both are one.
        norm = jnp.where(square > 1e-16, jnp.sqrt(jnp.where(square > 1e-16, square, 1)), 1e-8)
        return jnp.exp(-norm / (t - s)[:, None, None] / d)

    snr = 2 * jnp.log((1 - t) / t)
    w = 0.5 * jax.nn.sigmoid(bias - snr) * 2 / (t * (1 - t)) * (1 - t) ** power / ((1 - t) ** 2 + t**2)
    pairs = term("among a", kernel(a, a)) + term("between", -2 * kernel(a, b)) + kernel(b, b)
    return jnp.sum(w * jnp.sum(pairs, (1, 2)) / group**2), a.reshape(count, d) - b.reshape(count, d)


# Policies (2510.14974): a mixture of Gaussians for the sample, and Bayes' rule at a later state of the step.


class Mixture:
    def __init__(self, x, t, output):
        n, d = x.shape
        components = (output.shape[1] // d - 1) // 2
        fields = output.reshape(n, 2 * components + 1, d)
        self.x, self.t = x, t
        self.means = x[:, None] - t[:, None] * fields[:, :components]
        self.logits = jax.nn.log_softmax(fields[:, components:-1].mean(2), 1)
        self.variance = (jnp.exp(fields[:, -1].mean(1, keepdims=True)) * t) ** 2

    def __call__(self, x, a):
        """zeta, nu and the posterior's mean and weights (App. B)."""
        zeta = ((1 - a) / a) ** 2 - ((1 - self.t) / self.t) ** 2
        nu = (1 - a) * x / a**2 - (1 - self.t) * self.x / self.t**2
        den = 1 + self.variance * zeta
        mean = (self.means + term("evidence", self.variance * nu)[:, None]) / den[:, None]
        along = jnp.sum(self.means * (nu[:, None] - 0.5 * zeta[:, None] * self.means), 2)
        weights = jax.nn.softmax(self.logits + term("likelihood", along / den), 1)
        return (x + term("denoised", -jnp.sum(weights[:, :, None] * mean, 1))) / a


def imitation(n, rows, places=2, substeps=16, sampled=64):
    """pi(x_a, a) towards u(x_a, a) at places of the policy's own path, one in each equal part of it but the last of the steps
    that a sample is made in (2510.14974, Alg. 1). The path takes equal steps, the last of them cut at a."""
    t, s, x = rows["t"], rows["s"], state(rows, rows["t"])
    policy, constant = Mixture(x, t, n.F(x, t, s)), Mixture(x, t, n.fixed(x, t, s))
    loss, residuals = 0.0, []
    for place in range(places):
        a = t + (place + rows["fraction"]) / places * (1 - 1 / sampled) * (s - t)
        x_a, length = x, (s - t) / substeps
        for step in range(substeps):
            begin = t + step * length
            # Beyond a there is nothing left to go, and the policy is not asked.
            reach = jnp.minimum(0.0, jnp.maximum(length, a - begin))
            x_a = x_a + term("path", reach * constant(x_a, jnp.where(reach < 0, begin, t)))
        e = policy(sg(x_a), a) - sg(term("velocity", n.u(x_a, a)))
        loss, residuals = loss + regression(e, plain), residuals + [e]
    return loss / places, jnp.concatenate(residuals)


# The methods: each the loss of its first term, a sum over its rows, and that of its second.


def matching(n, rows):
    """F(x_t, t, s) towards n - x (2210.02747, Eq. 23; 2209.03003, Eq. 1); s is t but where a table says otherwise."""
    x_t = state(rows, rows["t"])
    e = n.F(x_t, rows["t"], rows["s"]) - sg(n.v(x_t, rows["t"], rows["s"]))
    return regression(e, plain), e


def regressed(residual, weight=plain, scale=lambda rows: 1.0):
    def loss(n, rows):
        e = residual(n, state(rows, rows["t"]), rows["t"], rows["s"], rows)
        return regression(e, weight, scale(rows)), e
    return loss


def ramp(rows, highest, share=0.1):
    return jnp.minimum(highest, rows["progress"] / share)


def diagonal(n):
    return lambda x, t: n.fixed(x, t, t)


def along_noise(weight, ramp_to=None):
    return regressed(
        lambda n, x, t, s, rows: eulerian(
            n, x, t, s, n.v(x, t), ramp(rows, ramp_to) if ramp_to else 1.0), weight)


def along_teacher(weight, ramp_to=None):
    return regressed(
        lambda n, x, t, s, rows: eulerian(
            n, x, t, s, n.u(x, t), ramp(rows, ramp_to) if ramp_to else 1.0), weight)


def of_pairs(F, weight, scale):
    """Consistency of states of one pair; the error is that of f, t times that of F."""
    def residual(n, x, t, s, rows):
        return consistency(n, F(n), x, t, state(rows, rows["r"]), rows["r"])

    def loss(n, rows):
        t = rows["t"]
        e = residual(n, state(rows, t), t, rows["s"], rows)
        return regression(e, lambda e: t**2 * weight(t * e), scale(rows)), e
    return loss


def sigma(t):
    return t / (1 - t)


def gap_of_noise(rows):
    """1 / (sigma - sigma_r) (2310.14189, Sec. 3.3; 2406.14548)."""
    return 1 / (sigma(rows["t"]) - sigma(rows["r"]))


# sqrt(|e|^2 + c^2) - c with c = 0.00054 sqrt(d) (2310.14189, Sec. 3.2), times sqrt(d).
huber = adaptive(0.5, 0.00054**2)


def one_heun_step(n, rows):
    """2303.01469, Eq. 6 by Heun's method."""
    t, r, x = rows["t"], rows["r"], state(rows, rows["t"])
    first = n.u(x, t)
    second = n.u(x + (r - t) * first, r)
    x_r = sg(x + (r - t) * (term("first slope", first) + term("second slope", second)) / 2)
    e = consistency(n, n.other, x, t, x_r, r)
    return regression(e, lambda e: t**2 * jnp.ones_like(t)), e


def prediction(n, rows):
    z, one = rows["noise"], jnp.ones_like(rows["t"])
    e = lagrangian(n, z, one, rows["s"], n.u)
    return regression(e, adaptive(1, 1e-4)), e


def prediction_by_differences(n, rows, intervals=8):
    """F(z, d + h) + d (F(z, d + h) - F(z, d)) / h towards u(f(z, d), 1 - d), with h = 1 / N and the gradient through the
    leading F alone; the row's s is 1 - d - h and its r is 1 - d."""
    z, one, h = rows["noise"], jnp.ones_like(rows["t"]), 1 / intervals
    d = one - rows["r"]
    here, there = n.fixed(z, one, one - d), n.fixed(z, one, one - d - h)
    f = z + term("map: -d F", -d * here)
    target = term("velocity", n.u(f, one - d)) + term("difference", -d * (there - here) / h)
    e = n.F(z, one, one - d - h) - sg(target)
    return regression(e, adaptive(1, 1e-4)), e


def matched(weight):
    return lambda n, rows: score(n, rows, weight)


def anchored(n, rows):
    """2507.03738, Eq. 8: the error of the shortcut f(x, t, 0), relaxed by 1 - sqrt(1 - t) and clamped, under sin(pi t / 2)."""
    t, x = rows["t"], state(rows, rows["t"])
    e = eulerian(n, x, t, rows["s"], n.u(x, t))
    g = (1 - jnp.sqrt(1 - t)) * jnp.clip(sg(e), -1, 1)
    weight = jnp.sin(jnp.pi * t / 2) / (mean_square(g) + 1e-3) ** 0.5
    # The gradient of |F - sg(F - g)|^2 / 2 is g.
    return jnp.sum(n.F(x, t, rows["s"]) * sg(weight * g)), e


def anchor(n, rows):
    """|F - v|^2 and 1 - cos(F, v) of a row (2507.03738, Eq. 7), halved as all are."""
    t, x = rows["t"], state(rows, rows["t"])
    F, v = n.F(x, t, t), sg(n.u(x, t))
    e = F - v
    norms = jnp.linalg.norm(F, axis=1) * jnp.linalg.norm(v, axis=1)
    cosine = jnp.sum(F * v, 1) / norms
    return regression(e, plain) + x.shape[1] / 2 * jnp.sum(1 + term("cosine", -cosine)), e


def cauchy(loss):
    """log(l e^-w + 1) + w / 2 with a learned w(t, s), l the row's mean square (2510.24474, Eq. 12)."""
    def weighted(n, rows):
        _, e = loss(n, rows)
        w = linear(rows["weight"], "layer", jnp.concatenate(
            [features(rows["omega"], rows["t"]), features(rows["omega"], rows["s"])], 1))
        w, l = sg(w), mean_square(sg(e))
        return regression(e, lambda e: 1 / (l + jnp.exp(w))), e
    return weighted


def own_map(n):
    return n.fixed


METHODS = {
    "flowMatching": [matching],
    "shortcut": [
        regressed(lambda n, x, t, s, rows: semigroup(n, n.other, x, t, s, 0.5)), matching],
    "imm": [moments],
    "stei": [
        regressed(lambda n, x, t, s, rows: interior(n, x, t, s, rows["fraction"], diagonal(n))), matching],
    "stee": [
        lambda n, rows: by_end(n, rows, n.v)],
    "meanFlow": [along_noise(adaptive_of_sum(1, 0.01))],
    "meanFlowMixed": [along_noise(adaptive_of_sum(1, 0.01))],
    "decoupledMeanFlow": [cauchy(along_noise(plain)), cauchy(matching)],
    "sCT": [along_noise(normalised, ramp_to=1.0)],
    "ct": [of_pairs(lambda n: n.other, plain, lambda rows: 1.0)],
    "iCT": [of_pairs(own_map, huber, gap_of_noise)],
    "ect": [of_pairs(own_map, huber, gap_of_noise)],
    "lsd": [regressed(lambda n, x, t, s, rows: lagrangian(n, x, t, s, diagonal(n))), matching],
    "esd": [
        regressed(lambda n, x, t, s, rows: eulerian(n, x, t, s, n.fixed(x, t, t))), matching],
    "psd": [
        regressed(lambda n, x, t, s, rows: semigroup(n, n.fixed, x, t, s, rows["fraction"])), matching],
    "sdei": [regressed(lambda n, x, t, s, rows: interior(n, x, t, s, rows["fraction"], n.u))],
    "sdee": [lambda n, rows: by_end(n, rows, n.u)],
    "facm": [anchored, anchor],
    "ayfEMD": [along_teacher(normalised, ramp_to=0.99)],
    "ayfLMD": [regressed(lambda n, x, t, s, rows: lagrangian(n, x, t, s, n.u))],
    "sCD": [along_teacher(normalised, ramp_to=1.0)],
    "sCDVSD": [along_teacher(normalised, ramp_to=1.0), matched(of_trig_flow)],
    "progressive": [regressed(lambda n, x, t, s, rows: semigroup(n, n.other, x, t, s, 0.5))],
    "cd": [one_heun_step],
    "meanFlowFromTeacher": [along_teacher(plain)],
    "piFlow": [imitation],
    "freeflow": [prediction, matched(of_velocities)],
    "freeflowByDifferences": [prediction_by_differences, matched(of_velocities)],
    "freeflowDecayed": [prediction, matched(of_velocities)],
    "kd": [matching],
    "reflow": [matching],
    "dmd": [matched(of_normalised_denoisers), matching],
    "dmd2": [matched(of_normalised_denoisers)],
    "vsd": [matched(of_denoisers)],
    "sid": [lambda n, rows: fisher(n, rows, fisher_normalised, 0.5)],
    "fgm": [lambda n, rows: fisher(n, rows, of_velocities, 0.5)],
}


def by_end(n, rows, velocity):
    e = end(n, rows["t"], rows["s"], rows["fraction"], rows, velocity)
    return regression(e, plain), e


def balance(kind, first, second):
    """lambda = alpha E|D1| / (E|D2| + eps) (2511.19428), of residuals or of weighted directions."""
    if kind == "none":
        return 1.0
    norm = lambda e: jnp.mean(jnp.linalg.norm(e, axis=1))
    if kind == "direction":
        first = adaptive(1, 1e-4)(first) * first
    return sg(norm(first) / (norm(second) + 1e-8))


def student_loss(case, p):
    losses, residuals, count = [], [], 0
    for objective, rows in zip(METHODS[case["name"]], case["terms"]):
        loss, residual = objective(Nets(case, rows, p), rows)
        losses.append(loss)
        residuals.append(residual)
        count += residual.size if case["name"] != "piFlow" else residual.size // 2
    if len(losses) == 2:
        factor = case["weight"] * balance(case["balance"], *residuals)
        losses[1] = term("second term", factor * losses[1])
    return sum(losses) / count, [jnp.mean(e**2) for e in residuals]


def auxiliary_loss(case, p, student):
    """The velocity of the student's noised samples by flow matching (2511.19428; 2405.14867, Sec. 4)."""
    rows = case["terms"][case["compared"]]
    n = Nets(case, rows, student)
    _, x0 = one_step(n, rows)
    x0, r = sg(x0), rows["level"]
    e = n.psi(noised(x0, rows["renoise"], r), r, p) - (term("noise", rows["renoise"]) + term("data", -x0))
    return jnp.mean(e**2), jnp.mean(e**2)


def weight_loss(case, index, p, student):
    """The loss of the learned weight of a term."""
    rows = case["terms"][index]
    _, e = METHODS[case["name"]][index](Nets(case, rows, student), rows)
    times = jnp.concatenate([features(rows["omega"], rows["t"]), features(rows["omega"], rows["s"])], 1)
    w = linear(p, "layer", times)
    return jnp.mean(term("error", jnp.log(mean_square(sg(e)) * jnp.exp(-w) + 1)) + term("size", w / 2))


def arrays(value):
    if isinstance(value, dict):
        return {key: arrays(inner) for key, inner in value.items()}
    if isinstance(value, list):
        if value and isinstance(value[0], dict):
            return [arrays(inner) for inner in value]
        return jnp.asarray(value, float)
    return value


def prepared(case):
    case = arrays(case)
    for rows in case["terms"]:
        rows["labels"] = rows["labels"].astype(int)
        if rows["sample"] is not None and rows["sample"].size == 0:
            rows["sample"] = None
    return case


def gradients(case, flipped=None):
    Signs.use(flipped)
    student = case["networks"]["student"]["p"]
    (loss, squares), gradient = jax.value_and_grad(lambda p: student_loss(case, p), has_aux=True)(student)
    result = {
        "student": gradient, "loss": loss, "squares": squares}
    if "auxiliary" in case["networks"]:
        p = case["networks"]["auxiliary"]["p"]
        (_, square), by = jax.value_and_grad(lambda p: auxiliary_loss(case, p, student), has_aux=True)(p)
        result |= {"auxiliary": by, "auxiliarySquare": square}
    weights = [index for index, rows in enumerate(case["terms"]) if rows["weight"] is not None]
    if weights:
        result["weights"] = [
            jax.value_and_grad(lambda p: weight_loss(case, index, p, student))(case["terms"][index]["weight"])
            for index in weights]
    return result | {"seen": list(Signs.seen)}


def listed(value):
    if isinstance(value, dict):
        return {key: listed(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [listed(inner) for inner in value]
    return value.tolist() if hasattr(value, "tolist") else value


def main(cases, results, *options):
    with open(cases) as file:
        cases = [prepared(case) for case in json.load(file)]
    flipped = options[1] if options[:1] == ("--flip",) else None
    made = []
    for case in cases:
        result = gradients(case, flipped)
        if options[:1] == ("--flip-each",) and (len(options) == 1 or case["name"] in options):
            result["flips"] = {name: gradients(case, name) for name in result["seen"]}
        made.append(listed(result))
    with open(results, "w") as file:
        json.dump(made, file)


if __name__ == "__main__":
    main(*sys.argv[1:])
