#!/usr/bin/env python3
"""Features of samples, for every metric that reads features.

    features: {command: [python3, features.py, --extractor, torch-fidelity], files: [frechet.py], version: 1, timeout: 3600}

FOLDER, the last argument, has samples.npz; the answer is features.npy beside it, [count, width].
"""
import argparse
import os

import frechet
import numpy


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--extractor", default="auto", choices=["auto", *frechet.EXTRACTORS])
    parser.add_argument("folder")
    options = parser.parse_args()
    _, extract = frechet.extractor(options.extractor)
    features = numpy.asarray(extract(frechet.read(options.folder, "samples")), dtype=numpy.float32)
    numpy.save(os.path.join(options.folder, "features.npy"), features)


if __name__ == "__main__":
    main()
