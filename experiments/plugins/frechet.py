"""What the programs here share: reading samples, extractors of features, the Fréchet distance."""
import importlib.util
import os

import numpy


def read(folder, which):
    """The samples as they are, float32, where the study asks for them; else bytes [count, height, width, channels]."""
    exact = os.path.join(folder, f"{which}-float32.npz")
    with numpy.load(exact if os.path.exists(exact) else os.path.join(folder, f"{which}.npz")) as archive:
        return archive["arr_0"]


def moments(features):
    """Mean [d] and covariance [d, d] of features [count, d], in double precision."""
    features = numpy.asarray(features, dtype=numpy.float64)
    return features.mean(axis=0), numpy.atleast_2d(numpy.cov(features, rowvar=False))


def distance(first, second):
    """|μ₁ − μ₂|² + Tr(Σ₁ + Σ₂ − 2 (Σ₁^½ Σ₂ Σ₁^½)^½)."""
    (mean, covariance), (other, others) = first, second
    values, vectors = numpy.linalg.eigh(covariance)
    root = (vectors * numpy.sqrt(numpy.maximum(values, 0))) @ vectors.T
    inner = numpy.linalg.eigvalsh(root @ others @ root)
    cross = numpy.sqrt(numpy.maximum(inner, 0)).sum()
    shift = ((mean - other) ** 2).sum()
    return float(max(shift + numpy.trace(covariance) + numpy.trace(others) - 2 * cross, 0))


def coordinates(samples):
    """The numbers themselves."""
    return samples.reshape(len(samples), -1)


def stand_in(samples):
    """A fixed random layer, for trials without a network: 32 features. Distances on it are no FID."""
    flat = coordinates(samples).astype(numpy.float64)
    if samples.dtype == numpy.uint8:
        flat = flat / 127.5 - 1
    layer = numpy.random.default_rng(0).standard_normal((flat.shape[1], 32)) / numpy.sqrt(flat.shape[1])
    return numpy.maximum(flat @ layer, 0)


def _batches(samples, size=64):
    """Batches of bytes [n, 3, height, width] as tensors."""
    import torch

    if samples.dtype != numpy.uint8:
        raise SystemExit("this extractor reads bytes: leave float32 out of the study's formats")
    colour = numpy.repeat(samples, 3, axis=3) if samples.shape[3] == 1 else samples
    for start in range(0, len(colour), size):
        yield torch.from_numpy(numpy.ascontiguousarray(colour[start : start + size].transpose(0, 3, 1, 2)))


def _device():
    import torch

    return "cuda" if torch.cuda.is_available() else "cpu"


def torch_fidelity(samples):
    """The 2048 features of FID's own Inception network, by torch-fidelity."""
    import torch
    from torch_fidelity.feature_extractor_inceptionv3 import FeatureExtractorInceptionV3

    network = FeatureExtractorInceptionV3("inception-v3-compat", ["2048"]).to(_device()).eval()
    with torch.no_grad():
        return numpy.concatenate([network(batch.to(_device()))[0].cpu().numpy() for batch in _batches(samples)])


def clean_fid(samples):
    """The 2048 features of FID's own Inception network, resized as clean-fid does."""
    import torch
    from cleanfid.features import build_feature_extractor
    from cleanfid.resize import build_resizer

    network, resize = build_feature_extractor("clean", torch.device(_device())), build_resizer("clean")
    rows = []
    with torch.no_grad():
        for batch in _batches(samples):
            images = [resize(image.transpose(1, 2, 0)).transpose(2, 0, 1) for image in batch.numpy()]
            rows.append(network(torch.from_numpy(numpy.stack(images)).to(_device())).cpu().numpy())
    return numpy.concatenate(rows)


def torchvision(samples):
    """The 2048 features of torchvision's Inception network: its weights are not FID's, so name it."""
    import torch
    from torchvision.models import Inception_V3_Weights, inception_v3

    weights = Inception_V3_Weights.DEFAULT
    network, prepare = inception_v3(weights=weights).to(_device()).eval(), weights.transforms()
    network.fc = torch.nn.Identity()
    with torch.no_grad():
        return numpy.concatenate([network(prepare(batch).to(_device())).cpu().numpy() for batch in _batches(samples)])


EXTRACTORS = {
    "torch-fidelity": ("torch_fidelity", torch_fidelity),
    "clean-fid": ("cleanfid", clean_fid),
    "torchvision": ("torchvision", torchvision),
    "stand-in": ("numpy", stand_in),
    "coordinates": ("numpy", coordinates),
}


def extractor(name):
    """The extractor of a name; of "auto" the first that is installed. A study that is to be repeated names it."""
    for own, (module, extract) in EXTRACTORS.items():
        if name == own or (name == "auto" and importlib.util.find_spec(module)):
            return own, extract
    raise SystemExit(f"no extractor {name}")
