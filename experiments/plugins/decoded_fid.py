#!/usr/bin/env python3
"""Fréchet distance of latents: they are decoded to images first.

    metrics:
      - {command: [python3, decoded_fid.py, --decoder, stabilityai/sd-vae-ft-ema, --scale, "0.18215"], files: [frechet.py],
         version: 1, timeout: 36000, scores: [fid], reference: data, formats: [float32]}

FOLDER, the last argument, has samples-float32.npz and reference-float32.npz, latents [count, height, width, channels]. A sample is
(latent − shift) · scale: the decoder gets sample / scale + shift.
"""
import argparse
import json
import sys

import frechet
import numpy


def stand_in(latents):
    """Three fixed mixtures of the channels, each number four pixels: for trials without a decoder."""
    mixing = numpy.random.default_rng(1).standard_normal((latents.shape[3], 3)) / numpy.sqrt(latents.shape[3])
    images = (latents.astype(numpy.float64) @ mixing).repeat(2, axis=1).repeat(2, axis=2)
    return bytes_of(images)


def bytes_of(images):
    """Bytes of images [count, height, width, 3] in [-1, 1]."""
    return numpy.clip(numpy.round((images + 1) * 127.5), 0, 255).astype(numpy.uint8)


def vae(name):
    """The decoder of a diffusers autoencoder, from the hub's cache or a folder."""
    import torch
    from diffusers import AutoencoderKL

    device = "cuda" if torch.cuda.is_available() else "cpu"
    network = AutoencoderKL.from_pretrained(name).to(device).eval()

    def decode(latents):
        rows = []
        with torch.no_grad():
            for start in range(0, len(latents), 16):
                batch = torch.from_numpy(numpy.ascontiguousarray(latents[start : start + 16].transpose(0, 3, 1, 2)))
                rows.append(network.decode(batch.to(device)).sample.cpu().numpy().transpose(0, 2, 3, 1))
        return bytes_of(numpy.concatenate(rows))

    return decode


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--decoder", default="stand-in", help="stand-in, none, or an autoencoder of diffusers")
    parser.add_argument("--shift", type=float, default=0)
    parser.add_argument("--scale", type=float, default=1)
    parser.add_argument("--extractor", default="auto", choices=["auto", *frechet.EXTRACTORS])
    parser.add_argument("--name", default="fid", help="of the score: several in a study need one each")
    parser.add_argument("folder")
    options = parser.parse_args()
    decode = {"stand-in": stand_in, "none": lambda latents: latents}.get(options.decoder) or vae(options.decoder)
    name, extract = frechet.extractor(options.extractor)
    print(f"features of {name} of images by {options.decoder}", file=sys.stderr)

    def features(which):
        latents = frechet.read(options.folder, which)
        if options.shift or options.scale != 1:
            latents = latents / numpy.float32(options.scale) + numpy.float32(options.shift)
        return frechet.moments(extract(decode(latents)))

    print(json.dumps({options.name: frechet.distance(features("samples"), features("reference"))}))


if __name__ == "__main__":
    main()
