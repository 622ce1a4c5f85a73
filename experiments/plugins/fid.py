#!/usr/bin/env python3
"""Fréchet distance between samples and reference of an evaluation, on the features of an extractor.

    metrics:
      - {command: [python3, fid.py, --extractor, torch-fidelity], files: [frechet.py], version: 1, timeout: 3600,
         scores: [fid], reference: data}

FOLDER, the last argument, has samples.npz and reference.npz. The answer is one line of JSON on standard output.
"""
import argparse
import json
import sys

import frechet


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--extractor", default="auto", choices=["auto", *frechet.EXTRACTORS])
    parser.add_argument("--name", default="fid", help="of the score: several in a study need one each")
    parser.add_argument("folder")
    options = parser.parse_args()
    name, extract = frechet.extractor(options.extractor)
    print(f"features of {name}", file=sys.stderr)
    samples, reference = (extract(frechet.read(options.folder, which)) for which in ("samples", "reference"))
    print(json.dumps({options.name: frechet.distance(frechet.moments(samples), frechet.moments(reference))}))


if __name__ == "__main__":
    main()
