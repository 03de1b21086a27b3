"""Writes tests/reference/kmeans.json: what scikit-learn's k-means makes of the same rows and starts.

    pip install scikit-learn==1.9.1 numpy==2.4.6
    python scripts/reference_kmeans.py --benchmarks ../shared/data/benchmarks

Cases: small tables with all their values, each from one start after several numbers of iterations
(labels, inertia, iterations made). Benchmarks: the inertia of the best of ten restarts on the
standardised tables of the clustering benchmarks, and the median adjusted Rand index over 20 seeds;
their tables are not part of this repository.
"""

import argparse
import gzip
import json
import pathlib
import sys
import warnings

import numpy as np
import sklearn
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score

FILE = pathlib.Path(__file__).parent.parent / "tests" / "reference" / "kmeans.json"
ITERATIONS = [1, 2, 3, 5, 10, 300]
BENCHMARKS = [("sipu_s1", 15), ("sipu_s2", 15), ("sipu_s3", 15), ("sipu_s4", 15), ("g2mg_8_30", 2), ("sipu_birch2", 100)]


def tables():
    draw = np.random.default_rng(20)
    centres = draw.normal(0, 4, (6, 3))
    yield "blobs", (centres[draw.integers(0, 6, 300)] + draw.normal(0, 1, (300, 3))).round(4), 6
    common = np.log(draw.random((250, 1)))
    yield "skewed", (0.7 * common + np.log(draw.random((250, 4)))).round(4), 9
    yield "uniform, many centroids", draw.random((400, 2)).round(4), 25
    yield "far from the origin", (1e6 + draw.normal(0, 1, (200, 2))).round(3), 5
    yield "one outlier", np.vstack([draw.normal(0, 1, (199, 3)), [[1e5, -1e5, 1e5]]]).round(4), 4


def cases():
    for name, values, k in tables():
        start = values[np.random.default_rng(len(name)).choice(len(values), k, replace=False)]
        runs = []
        for most in ITERATIONS:
            fit = KMeans(k, init=start, n_init=1, max_iter=most, tol=0, algorithm="lloyd").fit(values)
            labels = fit.labels_.tolist()
            # Recomputed without scikit-learn's own centring, which costs digits far from the origin.
            inertia = float(((values - fit.cluster_centers_[fit.labels_]) ** 2).sum())
            runs.append({"max_iter": most, "iterations": fit.n_iter_, "inertia": inertia, "labels": labels})
        yield {"name": name, "values": values.tolist(), "start": start.tolist(), "runs": runs}


def benchmarks(folder):
    for name, k in BENCHMARKS:
        with gzip.open(folder / f"{name}.data.gz") as file:
            values = np.loadtxt(file)
        with gzip.open(folder / f"{name}.labels0.gz") as file:
            truth = np.loadtxt(file, dtype=int)
        values = (values - values.mean(0)) / values.std(0)
        fits = [KMeans(k, n_init=10, random_state=seed).fit(values) for seed in range(20)]
        rand = [adjusted_rand_score(truth, fit.labels_) for fit in fits]
        inertia = [fit.inertia_ for fit in fits]
        print(name, np.median(rand), min(inertia), np.median(inertia), flush=True)
        yield {"name": name, "k": k, "adjusted_rand_index": float(np.median(rand)), "lowest_inertia": min(inertia)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--benchmarks", type=pathlib.Path, required=True, help="folder of the benchmark tables")
    folder = parser.parse_args().benchmarks
    warnings.filterwarnings("ignore")
    versions = {"scikit-learn": sklearn.__version__, "numpy": np.__version__, "python": sys.version.split()[0]}
    document = {"versions": versions, "cases": list(cases()), "benchmarks": list(benchmarks(folder))}
    FILE.write_text(json.dumps(document, indent=None, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
