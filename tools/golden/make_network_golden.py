#!/usr/bin/env python3
"""Writes Tests/NeuralNetworksTests/Golden/network.json: inputs, outputs and gradients of every layer,
loss and optimiser, computed in NumPy with float64 from the definitions and nothing of the project's.

Convolutions and pools are direct sums over their windows; gradients are the adjoints of those sums.
Inputs come from NumPy's PCG64 with a fixed seed, so the file is the same on every machine.
"""
import json
import math
import pathlib

import numpy as np

random = np.random.Generator(np.random.PCG64(20240611))
cases = []


def array(value):
    value = np.asarray(value, dtype=np.float64)
    return {"shape": list(value.shape), "values": [float(v) for v in value.reshape(-1)]}


def draw(*shape):
    return random.standard_normal(shape)


def case(name, layers, x, y, dy, dx, parameters=None, gradients=None, statistics=None,
         statistics_after=None, phase="evaluation"):
    cases.append({
        "name": name, "layers": layers, "phase": phase,
        "input": array(x), "output": array(y), "outputGradient": array(dy), "inputGradient": array(dx),
        "parameters": {k: array(v) for k, v in (parameters or {}).items()},
        "gradients": {k: array(v) for k, v in (gradients or {}).items()},
        "statistics": {k: array(v) for k, v in (statistics or {}).items()},
        "statisticsAfter": {k: array(v) for k, v in (statistics_after or {}).items()},
    })


# --- layers -----------------------------------------------------------------------------------------

def cover(length, kernel, stride, padding):
    """Padding before the first element and number of windows."""
    if padding == "valid":
        before, after = 0, 0
    elif padding == "same":
        count = math.ceil(length / stride)
        total = max((count - 1) * stride + kernel - length, 0)
        before, after = total // 2, total - total // 2
    else:
        before = after = int(padding)
    return before, (length + before + after - kernel) // stride + 1


def windows(shape, kernel, stride, padding):
    """Yields (output position, window position, input position) for all places inside the image."""
    (height, width), (kh, kw), (sh, sw) = shape, kernel, stride
    # A signal is an image of height one, which nothing pads above or below.
    top, rows = cover(height, kh, sh, "valid" if height == kh == 1 else padding)
    left, columns = cover(width, kw, sw, padding)
    places = []
    for oy in range(rows):
        for ox in range(columns):
            for ky in range(kh):
                for kx in range(kw):
                    iy, ix = oy * sh - top + ky, ox * sw - left + kx
                    if 0 <= iy < height and 0 <= ix < width:
                        places.append(((oy, ox), (ky, kx), (iy, ix)))
    return rows, columns, places


def convolution(name, kind, batch, shape, channels, filters, kernel, stride, padding, bias=True):
    rows, columns, places = windows(shape, kernel, stride, padding)
    x = draw(batch, *shape, channels)
    w = draw(*kernel, channels, filters)
    b = draw(filters) if bias else np.zeros(filters)
    y = np.zeros((batch, rows, columns, filters)) + b
    for (oy, ox), (ky, kx), (iy, ix) in places:
        y[:, oy, ox] += np.einsum("bc,cf->bf", x[:, iy, ix], w[ky, kx])
    dy = draw(*y.shape)
    dx, dw = np.zeros_like(x), np.zeros_like(w)
    for (oy, ox), (ky, kx), (iy, ix) in places:
        dx[:, iy, ix] += np.einsum("bf,cf->bc", dy[:, oy, ox], w[ky, kx])
        dw[ky, kx] += np.einsum("bc,bf->cf", x[:, iy, ix], dy[:, oy, ox])
    layer = {"layer": kind, "filters": filters, "padding": padding, "hasBias": bias,
             "initializer": "zeros"}
    if kind == "conv1D":
        layer.update(kernel=kernel[1], stride=stride[1])
        x, y, dy, dx, w, dw = x[:, 0], y[:, 0], dy[:, 0], dx[:, 0], w[0], dw[0]
    else:
        layer.update(kernelHeight=kernel[0], kernelWidth=kernel[1], strideHeight=stride[0],
                     strideWidth=stride[1])
    parameters, gradients = {"0.weight": w}, {"0.weight": dw}
    if bias:
        parameters["0.bias"] = b
        gradients["0.bias"] = dy.reshape(-1, filters).sum(0)
    case(name, [layer], x, y, dy, dx, parameters, gradients)


def pool(name, kind, batch, shape, channels, kernel, stride, padding):
    rows, columns, places = windows(shape, kernel, stride, padding)
    x = draw(batch, *shape, channels)
    members = {}
    for output, _, source in places:
        members.setdefault(output, []).append(source)
    y = np.zeros((batch, rows, columns, channels))
    dy = draw(*y.shape)
    dx = np.zeros_like(x)
    for (oy, ox), sources in members.items():
        stack = np.stack([x[:, iy, ix] for iy, ix in sources])
        if kind.startswith("max"):
            y[:, oy, ox] = stack.max(0)
            best = stack.argmax(0)
            for b in range(batch):
                for c in range(channels):
                    iy, ix = sources[best[b, c]]
                    dx[b, iy, ix, c] += dy[b, oy, ox, c]
        else:
            y[:, oy, ox] = stack.mean(0)
            for iy, ix in sources:
                dx[:, iy, ix] += dy[:, oy, ox] / len(sources)
    layer = {"layer": kind, "padding": padding}
    if kind.endswith("1D"):
        layer.update(kernel=kernel[1], stride=stride[1])
        x, y, dy, dx = x[:, 0], y[:, 0], dy[:, 0], dx[:, 0]
    else:
        layer.update(kernelHeight=kernel[0], kernelWidth=kernel[1], strideHeight=stride[0],
                     strideWidth=stride[1])
    case(name, [layer], x, y, dy, dx)


def dense(name, batch, inputs, units, bias=True):
    x, w, dy = draw(batch, inputs), draw(inputs, units), draw(batch, units)
    b = draw(units) if bias else np.zeros(units)
    parameters, gradients = {"0.weight": w}, {"0.weight": x.T @ dy}
    if bias:
        parameters["0.bias"], gradients["0.bias"] = b, dy.sum(0)
    case(name, [{"layer": "dense", "units": units, "hasBias": bias, "initializer": "zeros"}],
         x, x @ w + b, dy, dy @ w.T, parameters, gradients)


def normal_probability(x):
    return np.vectorize(lambda v: 0.5 * math.erfc(-v / math.sqrt(2)))(x)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


activations = {
    "linear": (lambda x: x, lambda x: np.ones_like(x)),
    "relu": (lambda x: np.maximum(x, 0), lambda x: (x > 0).astype(float)),
    "tanh": (np.tanh, lambda x: 1 / np.cosh(x) ** 2),
    "sigmoid": (sigmoid, lambda x: sigmoid(x) * sigmoid(-x)),
    "softplus": (lambda x: np.logaddexp(x, 0), sigmoid),
    "silu": (lambda x: x * sigmoid(x), lambda x: sigmoid(x) + x * sigmoid(x) * sigmoid(-x)),
    "gelu": (lambda x: x * normal_probability(x),
             lambda x: normal_probability(x) + x * np.exp(-x * x / 2) / math.sqrt(2 * math.pi)),
}


def normalization(name, batch, positions, channels, phase):
    momentum, epsilon = 0.1, 1e-5
    shape = (batch, positions, channels) if positions else (batch, channels)
    x, dy = 3 + 2 * draw(*shape), draw(*shape)
    gamma, beta = draw(channels), draw(channels)
    old_mean, old_variance = draw(channels), np.abs(draw(channels)) + 0.5
    flat, slopes = x.reshape(-1, channels), dy.reshape(-1, channels)
    count = len(flat)
    training = phase == "training"
    mean = flat.mean(0) if training else old_mean
    variance = flat.var(0) if training else old_variance
    inverse = 1 / np.sqrt(variance + epsilon)
    hat = (flat - mean) * inverse
    dhat = slopes * gamma
    if training:
        dx = inverse * (dhat - dhat.mean(0) - hat * (dhat * hat).mean(0))
        unbiased = flat.var(0, ddof=1) if count > 1 else variance
        after = {"0.mean": (1 - momentum) * old_mean + momentum * mean,
                 "0.variance": (1 - momentum) * old_variance + momentum * unbiased}
    else:
        dx = inverse * dhat
        after = {"0.mean": old_mean, "0.variance": old_variance}
    case(name, [{"layer": "batchNormalization", "momentum": momentum, "epsilon": epsilon}],
         x, (hat * gamma + beta).reshape(shape), dy, dx.reshape(shape),
         {"0.weight": gamma, "0.bias": beta},
         {"0.weight": (slopes * hat).sum(0), "0.bias": slopes.sum(0)},
         {"0.mean": old_mean, "0.variance": old_variance}, after, phase)


dense("dense", 5, 7, 3)
dense("dense without bias, batch 1", 1, 4, 6, bias=False)
dense("dense of one input and one output", 3, 1, 1)
convolution("conv1D valid", "conv1D", 3, (1, 11), 4, 5, (1, 3), (1, 1), "valid")
convolution("conv1D same", "conv1D", 2, (1, 10), 3, 4, (1, 4), (1, 1), "same")
convolution("conv1D stride 2 padding 1", "conv1D", 3, (1, 9), 2, 3, (1, 4), (1, 2), "1")
convolution("conv1D same stride 3", "conv1D", 2, (1, 8), 2, 3, (1, 5), (1, 3), "same")
convolution("conv1D pointwise without bias", "conv1D", 2, (1, 6), 5, 2, (1, 1), (1, 1), "valid", False)
convolution("conv1D window as long as the input", "conv1D", 2, (1, 5), 2, 3, (1, 5), (1, 1), "valid")
convolution("conv2D valid", "conv2D", 2, (6, 5), 3, 4, (3, 2), (1, 1), "valid")
convolution("conv2D one row by nine", "conv2D", 2, (3, 14), 1, 4, (1, 9), (1, 1), "valid")
convolution("conv2D same", "conv2D", 2, (5, 4), 2, 3, (3, 3), (1, 1), "same", False)
convolution("conv2D stride 2 padding 1", "conv2D", 2, (8, 8), 2, 3, (4, 4), (2, 2), "1")
convolution("conv2D 7x7 stride 2 padding 3", "conv2D", 1, (12, 12), 2, 3, (7, 7), (2, 2), "3", False)
convolution("conv2D uneven strides", "conv2D", 2, (7, 9), 2, 2, (3, 2), (2, 3), "same")
pool("maxPool1D", "maxPool1D", 3, (1, 9), 4, (1, 2), (1, 2), "valid")
pool("maxPool1D overlapping", "maxPool1D", 2, (1, 9), 3, (1, 3), (1, 1), "same")
pool("maxPool2D 3x3 stride 2 padding 1", "maxPool2D", 2, (8, 7), 3, (3, 3), (2, 2), "1")
pool("averagePool1D", "averagePool1D", 2, (1, 8), 3, (1, 3), (1, 2), "valid")
pool("averagePool2D with padding", "averagePool2D", 2, (5, 6), 2, (3, 2), (2, 2), "1")
for function, (f, slope) in activations.items():
    x, dy = np.concatenate([4 * draw(3, 8), [[-30, -8, -1e-3, 0.0, 1e-3, 8, 30, 0.5]]]), draw(4, 8)
    case("activation " + function, [{"layer": "activation", "function": function}],
         x, f(x), dy, dy * slope(x))
x, dy = 3 * draw(4, 5), draw(4, 5)
y = np.exp(x) / np.exp(x).sum(-1, keepdims=True)
case("softmax", [{"layer": "softmax"}], x, y, dy, y * (dy - (dy * y).sum(-1, keepdims=True)))
normalization("batchNormalization training", 4, 3, 5, "training")
normalization("batchNormalization training without positions", 6, 0, 3, "training")
normalization("batchNormalization evaluation", 4, 3, 5, "evaluation")
x, dy = draw(2, 3, 2, 4), draw(2, 6, 4, 4)
case("upsample", [{"layer": "upsample", "factor": 2}], x, x.repeat(2, 1).repeat(2, 2), dy,
     dy.reshape(2, 3, 2, 2, 2, 4).sum((2, 4)))
x, dy = draw(2, 3, 2), draw(2, 9, 2)
case("upsample of a signal", [{"layer": "upsample", "factor": 3}], x, x.repeat(3, 1), dy,
     dy.reshape(2, 3, 3, 2).sum(2))
x, dy = draw(3, 4, 5, 2), draw(3, 2)
case("globalAverage", [{"layer": "globalAverage"}], x, x.mean((1, 2)), dy,
     np.broadcast_to(dy[:, None, None] / 20, x.shape))


# --- dropout and sampling: Philox2x32 with ten rounds ---------------------------------------------

def philox(key, pair):
    low = pair & 0xFFFFFFFF
    high = ((key >> 32) ^ (pair >> 32)) & 0xFFFFFFFF
    k = key & 0xFFFFFFFF
    for _ in range(10):
        product = low * 0xD256D193
        low, high = (product >> 32) ^ k ^ high, product & 0xFFFFFFFF
        k = (k + 0x9E3779B9) & 0xFFFFFFFF
    return low, high


key = 0x0123456789ABCDEF
bits = {"key": str(key), "words": [word for pair in range(40) for word in philox(key, pair)]}
noise = [math.sqrt(-2 * math.log((even + 0.5) / 2**32)) * math.cos(2 * math.pi * odd / 2**32)
         for even, odd in (philox(key, pair) for pair in range(40))]
bits["normals"] = noise


# --- losses -----------------------------------------------------------------------------------------

losses = []
logits, labels = 3 * draw(6, 4), [0, 3, 2, 2, 1, 0]
logits[5] = [200, -300, 10, -1]
for name, weights in [("plain", None), ("weighted", [0.5, 2.0, 1.0, 3.0])]:
    logs = logits - logits.max(1, keepdims=True)
    logs = logs - np.log(np.exp(logs).sum(1, keepdims=True))
    w = np.ones(6) if weights is None else np.array(weights)[labels]
    value = -(w * logs[np.arange(6), labels]).sum() / w.sum()
    gradient = (np.exp(logs) - np.eye(4)[labels]) * w[:, None] / w.sum()
    losses.append({"name": "softmaxCrossEntropy " + name, "labels": labels, "weights": weights or [],
                   "inputs": [array(logits)], "value": value, "gradients": [array(gradient)]})
logits, targets = 4 * draw(3, 5), random.random((3, 5))
value = (np.logaddexp(logits, 0) - logits * targets).sum() / 3
losses.append({"name": "binaryCrossEntropy", "labels": [], "weights": [],
               "inputs": [array(logits), array(targets)], "value": value,
               "gradients": [array((sigmoid(logits) - targets) / 3)]})
values, targets = draw(3, 5), draw(3, 5)
losses.append({"name": "squaredError", "labels": [], "weights": [],
               "inputs": [array(values), array(targets)], "value": ((values - targets) ** 2).mean(),
               "gradients": [array(2 * (values - targets) / 15)]})
mean, log_variance = draw(3, 5), draw(3, 5)
value = -0.5 * (1 + log_variance - mean**2 - np.exp(log_variance)).sum() / 3
losses.append({"name": "gaussianKL", "labels": [], "weights": [],
               "inputs": [array(mean), array(log_variance)], "value": value,
               "gradients": [array(mean / 3), array(0.5 * (np.exp(log_variance) - 1) / 3)]})


def mutual_information(p, q, weight, floor=1e-8):
    joint = p.T @ q
    joint = (joint + joint.T) / 2
    joint = np.maximum(joint / joint.sum(), floor)
    r = joint.sum(1)
    return (joint * (weight * np.log(r)[:, None] + weight * np.log(r)[None] - np.log(joint))).sum()


def complex_step(function, x):
    """Derivatives by complex steps: exact to rounding, and independent of any formula."""
    gradient = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        step = x.astype(complex)
        step[i] += 1e-30j
        gradient[i] = function(step).imag / 1e-30
    return gradient


def mutual_information_complex(p, q, weight, floor=1e-8):
    joint = p.T @ q
    joint = (joint + joint.T) / 2
    joint = joint / joint.sum()
    joint = np.where(joint.real < floor, floor, joint)
    r = joint.sum(1)
    return (joint * (weight * np.log(r)[:, None] + weight * np.log(r)[None] - np.log(joint))).sum()


def soft(x):
    return np.exp(x) / np.exp(x).sum(-1, keepdims=True)


for weight, scale in [(1.0, 1), (1.5, 1), (1.0, 20)]:
    p, q = soft(scale * draw(7, 4)), soft(scale * draw(7, 4))
    losses.append({"name": "mutualInformation", "labels": [], "weights": [weight],
                   "inputs": [array(p), array(q)], "value": float(mutual_information(p, q, weight)),
                   "gradients": [array(complex_step(lambda z: mutual_information_complex(z, q, weight), p)),
                                 array(complex_step(lambda z: mutual_information_complex(p, z, weight), q))]})


# --- optimisers ----------------------------------------------------------------------------------

optimizers = []
start, gradients = draw(6), [draw(6) for _ in range(5)]
gradients[2] *= 1e-6
schedules = {
    "constant": ({"constant": {"rate": 0.1}}, lambda s: 0.1),
    "steps": ({"steps": {"initial": 0.1, "factor": 0.5, "every": 2}}, lambda s: 0.1 * 0.5 ** (s // 2)),
    "cosine": ({"cosine": {"initial": 0.1, "final": 0.01, "over": 4}},
               lambda s: 0.01 + 0.045 * (1 + math.cos(math.pi * min(s / 4, 1)))),
    "exponential": ({"exponential": {"initial": 0.1, "factor": 0.9}}, lambda s: 0.1 * 0.9**s),
}


def clipped(g, clipping):
    kind, limit = clipping
    if kind == "norm":
        return g * min(1, limit / (np.linalg.norm(g) + 1e-6))
    return np.clip(g, -limit, limit) if kind == "value" else g


def trajectory(name, settings, schedule, update, decay=("none", 0.0), clipping=("none", 0.0)):
    p, state, steps = start.copy(), {}, []
    rate = schedules[schedule][1]
    for step, g in enumerate(gradients):
        g = clipped(g, clipping)
        if decay[0] == "l2":
            g = g + decay[1] * p
        if decay[0] == "decoupled":
            p = p * (1 - rate(step) * decay[1])
        p = update(p, g, rate(step), step + 1, state)
        steps.append(array(p))
    settings = dict(settings, schedule=schedules[schedule][0],
                    weightDecay={decay[0]: {"factor": decay[1]} if decay[1] else {}},
                    clipping={clipping[0]: {"limit": clipping[1]} if clipping[1] else {}})
    optimizers.append({"name": name, "settings": settings, "steps": steps})


def adam(p, g, rate, t, state):
    state["m"] = 0.9 * state.get("m", 0) + 0.1 * g
    state["v"] = 0.999 * state.get("v", 0) + 0.001 * g * g
    return p - rate * (state["m"] / (1 - 0.9**t)) / (np.sqrt(state["v"] / (1 - 0.999**t)) + 1e-8)


def momentum(nesterov, keep):
    def update(p, g, rate, t, state):
        state["v"] = g if t == 1 else keep * state["v"] + g
        return p - rate * (g + keep * state["v"] if nesterov else state["v"])
    return update


adam_settings = {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}
for schedule in schedules:
    trajectory("adam " + schedule, adam_settings, schedule, adam)
trajectory("adam l2", adam_settings, "constant", adam, decay=("l2", 0.3))
trajectory("adam decoupled", adam_settings, "cosine", adam, decay=("decoupled", 0.3))
trajectory("adam clipped by norm", adam_settings, "constant", adam, clipping=("norm", 0.5))
trajectory("adam clipped by value", adam_settings, "constant", adam, clipping=("value", 0.4))
for name, nesterov, keep in [("plain", False, 0.0), ("momentum", False, 0.9), ("nesterov", True, 0.9)]:
    trajectory("gradientDescent " + name, {"momentum": keep, "isNesterov": nesterov}, "constant",
               momentum(nesterov, keep))
trajectory("gradientDescent l2", {"momentum": 0.5, "isNesterov": False}, "steps",
           momentum(False, 0.5), decay=("l2", 0.2))

target = pathlib.Path(__file__).resolve().parents[2] / "Tests/NeuralNetworksTests/Golden/network.json"
target.parent.mkdir(parents=True, exist_ok=True)
target.write_text(json.dumps({
    "maker": "tools/golden/make_network_golden.py",
    "layers": cases, "bits": bits, "losses": losses,
    "optimizers": {"start": array(start), "gradients": [array(g) for g in gradients],
                   "trajectories": optimizers},
}, indent=None, separators=(",", ":")) + "\n")
print(f"{target.name}: {len(cases)} layers, {len(losses)} losses, {len(optimizers)} optimisers, "
      f"{target.stat().st_size} bytes")
