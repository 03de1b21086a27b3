#!/usr/bin/env python3
"""Time the clustering kernels of segtrail beside scikit-learn's, in turn, on the same rows.

    pip install scikit-learn==1.9.1 pyarrow
    python scripts/bench_clustering.py --segtrail target/release/segtrail \\
        [--benchmarks ../shared/data/benchmarks] [--threads 2] [--rounds 5] [--only NAME ...] [--json]

From the same start, so many iterations and no more (both tolerances are such that no fit meets them):

    kmeans-8     k-means, 1,000,000 rows by 8, k = 50, 20 iterations of Lloyd's
    kmeans-32    k-means, 200,000 rows by 32, k = 100, 20 iterations
    mixture      Gaussian mixture, 200,000 rows by 8, k = 20, full covariances, 20 iterations of EM

and as both are set by default, but for the number of restarts, which is ten of both:

    birch2       k-means, 100,000 rows by 2, k = 100, standardised feature by feature, another seed
                 each round (only with --benchmarks, the folder of sipu_birch2.data.gz and labels0)
    birch2-round the same with one scale for both features, which leaves its groups as round as they
                 are and the true groups the best partition

Rows of the first three are drawn with --seed (default 7), skewed and correlated as customers are:
0.7 ln u + ln v, u shared by the features of a row, u and v uniform. The start are the first k rows; the
mixture starts from weights, means and covariances of the rows nearest to each of them.

One round runs each once, each in a process of its own; which goes first changes from round to round,
and the first --warmup rounds (default 1) are not counted. Timed is the fit alone: of scikit-learn the
call of `fit` on an array of doubles in memory, of segtrail what `--json` tells as `fit` of
`cluster_timings`: neither reads, writes or computes criteria in it. Both end with the labels of all
rows. `prepare`, in which segtrail puts its columns into an array, is told beside it. Memory is the peak
resident memory of the whole process, reading, libraries and all else included; what the rows take as
doubles stands beside it. segtrail also computes a silhouette and a verdict on structure; to scikit-learn's
peak belongs the interpreter with its libraries, told as `idle_mb`.

Printed, as a table or with --json as one document: fastest and median seconds, the ratio of the medians,
inertia (of the mixture the log-likelihood) and iterations, peak memory; for birch2 the adjusted Rand index.
Where both begin at one start, exit code 1 if they do not arrive at one figure to 1e-9 (of the mixture 1e-6)
relative. Needs Linux or macOS, and a machine that does nothing else: the load average is printed.
OPENBLAS_CORETYPE and OPENBLAS_L2_SIZE are unset for scikit-learn.
"""

import argparse
import gzip
import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

ITERATIONS = 20
NEVER = 1e-300
FLOOR = 1e-6
SHAPES = {
    "kmeans-8": {"method": "kmeans", "n": 1_000_000, "p": 8, "k": 50},
    "kmeans-32": {"method": "kmeans", "n": 200_000, "p": 32, "k": 100},
    "mixture": {"method": "gmm", "n": 200_000, "p": 8, "k": 20},
    "birch2": {"method": "kmeans", "n": 100_000, "p": 2, "k": 100},
    "birch2-round": {"method": "kmeans", "n": 100_000, "p": 2, "k": 100},
}
# Peaks of memory are in kibibytes on Linux, in bytes on macOS.
UNIT = 1 if sys.platform == "darwin" else 1024


def write_table(path, rows):
    import pyarrow
    import pyarrow.parquet

    columns = {f"x{place}": pyarrow.array(rows[:, place]) for place in range(rows.shape[1])}
    pyarrow.parquet.write_table(pyarrow.table(columns), path, compression="none")


def draw(folder, name, seed):
    import numpy

    shape = SHAPES[name]
    draws = numpy.random.default_rng(seed)
    common = numpy.log(draws.random((shape["n"], 1)))
    rows = 0.7 * common + numpy.log(draws.random((shape["n"], shape["p"])))
    numpy.save(folder / "rows.npy", rows)
    write_table(folder / "rows.parquet", rows)
    write_table(folder / "start.parquet", rows[: shape["k"]])


def read_birch2(folder, name, benchmarks):
    import numpy

    with gzip.open(benchmarks / "sipu_birch2.data.gz") as file:
        rows = numpy.loadtxt(file)
    rows = (rows - rows.mean(0)) / (rows.std(0) if name == "birch2" else rows.std(0).max())
    numpy.save(folder / "rows.npy", rows)
    write_table(folder / "rows.parquet", rows)


def nearest_moments(rows, means):
    """Weights, means and precisions of the rows nearest to each of `means`."""
    import numpy

    squared = [((rows - mean) ** 2).sum(axis=1) for mean in means]
    labels = numpy.argmin(squared, axis=0)
    members = [rows[labels == label] for label in range(len(means))]
    floor = FLOOR * numpy.eye(rows.shape[1])
    covariances = numpy.array([numpy.cov(each.T, bias=True) + floor for each in members])
    weights = numpy.array([len(each) for each in members]) / len(rows)
    return weights, numpy.array([each.mean(axis=0) for each in members]), numpy.linalg.inv(covariances)


def scikit_learn(name, folder, seed):
    """The process of scikit-learn: one fit, told as JSON on stdout."""
    import resource
    import warnings

    import numpy
    from sklearn.cluster import KMeans
    from sklearn.mixture import GaussianMixture

    warnings.filterwarnings("ignore")
    idle = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * UNIT
    rows = numpy.load(folder / "rows.npy")
    shape = SHAPES[name]
    k = shape["k"]
    if name.startswith("birch2"):
        model = KMeans(k, n_init=10, random_state=seed)
    elif shape["method"] == "kmeans":
        model = KMeans(k, init=rows[:k].copy(), n_init=1, max_iter=ITERATIONS, tol=0, algorithm="lloyd")
    else:
        weights, means, precisions = nearest_moments(rows, rows[:k])
        model = GaussianMixture(
            k, tol=0, reg_covar=FLOOR, max_iter=ITERATIONS, weights_init=weights, means_init=means,
            precisions_init=precisions,
        )
    begun = time.perf_counter()
    model.fit(rows)
    seconds = time.perf_counter() - begun
    # The peak of the fit, before anything else is computed.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * UNIT
    if shape["method"] == "kmeans":
        # Recomputed: KMeans centres its rows, which costs digits.
        merit = float(((rows - model.cluster_centers_[model.labels_]) ** 2).sum())
    else:
        merit = float(model.score(rows) * len(rows))
    if name.startswith("birch2"):
        numpy.save(folder / "labels.npy", model.labels_)
    print(json.dumps({"fit": seconds, "merit": merit, "iterations": model.n_iter_, "idle": idle, "peak": peak}))


def run(command, environment):
    """Runs a command to its end: its JSON document, and its peak memory in bytes."""
    read, write = os.pipe()
    child = os.posix_spawnp(command[0], command, environment, file_actions=[(os.POSIX_SPAWN_DUP2, write, 1)])
    os.close(write)
    with os.fdopen(read) as pipe:
        said = pipe.read()
    _, status, usage = os.wait4(child, 0)
    if status:
        sys.exit(f"{' '.join(command)}: exit code {os.waitstatus_to_exitcode(status)}")
    return json.loads(said), usage.ru_maxrss * UNIT


def run_segtrail(args, name, folder, seed):
    shape = SHAPES[name]
    command = [args.segtrail, "cluster", str(folder / "rows.parquet"), "--k", str(shape["k"]), "--bootstrap", "0",
               "--no-representatives", "--method", shape["method"], "--seed", str(seed), "--threads", str(args.threads), "--json"]
    if name.startswith("birch2"):
        command += ["--restarts", "10", "-o", str(folder / "segments.csv")]
        command += ["--scale", "standard" if name == "birch2" else "none"]
    else:
        command += ["--start", str(folder / "start.parquet"), "--transform", "none", "--scale", "none",
                    "--max-iterations", str(ITERATIONS), "--tolerance", str(NEVER)]
    found, peak = run(command, os.environ)
    seconds = found["cluster_timings"]
    merit = found["inertia"] if shape["method"] == "kmeans" else found["log_likelihood"]
    return {"fit": seconds["fit"], "prepare": seconds["prepare"], "merit": merit,
            "iterations": found["iterations"], "peak": peak}


def inner(args, *words):
    """This script again, for what needs packages: it would count as the memory of every process that
    this one starts, were it loaded here."""
    environment = {key: value for key, value in os.environ.items()
                   if key not in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")}
    for library in ("OMP", "OPENBLAS", "MKL"):
        environment[f"{library}_NUM_THREADS"] = str(args.threads)
    command = [args.python, __file__, "--segtrail", "-", "--seed", str(args.seed), "--inner", *map(str, words)]
    if args.benchmarks:
        command += ["--benchmarks", str(args.benchmarks)]
    return run(command, environment)[0]


def adjusted_rand_index(folder, benchmarks, side):
    """Hubert and Arabie (1985), with the true labels."""
    import numpy

    def pairs(counts):
        return float((counts * (counts - 1.0) / 2.0).sum())

    if side == "scikit-learn":
        found = numpy.load(folder / "labels.npy")
    else:
        found = numpy.loadtxt(folder / "segments.csv", delimiter=",", skiprows=1, usecols=1, dtype=int)
    with gzip.open(benchmarks / "sipu_birch2.labels0.gz") as file:
        truth = numpy.loadtxt(file, dtype=int)
    _, found = numpy.unique(found, return_inverse=True)
    _, truth = numpy.unique(truth, return_inverse=True)
    table = numpy.zeros((found.max() + 1, truth.max() + 1))
    numpy.add.at(table, (found, truth), 1)
    rows, columns = pairs(table.sum(axis=1)), pairs(table.sum(axis=0))
    expected = rows * columns / pairs(numpy.array([float(len(truth))]))
    return (pairs(table) - expected) / ((rows + columns) / 2.0 - expected)


def packages(args):
    """What is done in a process of its own: rows made, a fit of scikit-learn, a partition judged."""
    action, name, folder, *rest = args.inner
    folder = Path(folder)
    if action == "fit":
        return scikit_learn(name, folder, int(rest[0]))
    if action == "judge":
        return print(json.dumps(adjusted_rand_index(folder, args.benchmarks, rest[0])))
    if name.startswith("birch2"):
        read_birch2(folder, name, args.benchmarks)
    else:
        draw(folder, name, args.seed)
    return print("null")


def measure(args, name, folder):
    inner(args, "make", name, folder)
    runs = {"segtrail": [], "scikit-learn": []}
    for turn in range(args.warmup + args.rounds):
        seed = args.seed + turn
        for side in sorted(runs, reverse=turn % 2 == 0):
            if side == "segtrail":
                found = run_segtrail(args, name, folder, seed)
            else:
                found = inner(args, "fit", name, folder, seed)
            if name.startswith("birch2"):
                found["adjusted_rand_index"] = inner(args, "judge", name, folder, side)
            if turn >= args.warmup:
                runs[side].append(found)
    return {side: summary(each) for side, each in runs.items()}


def summary(runs):
    def median(key):
        return statistics.median(run[key] for run in runs)

    told = {
        "rounds": len(runs),
        "fastest_s": min(run["fit"] for run in runs),
        "median_s": median("fit"),
        "merit": median("merit"),
        "iterations": median("iterations"),
        "peak_mb": max(run["peak"] for run in runs) / 1e6,
    }
    for key, name, by in [("prepare", "prepare_s", 1), ("idle", "idle_mb", 1e6),
                          ("adjusted_rand_index", "adjusted_rand_index", 1)]:
        if key in runs[0]:
            told[name] = median(key) / by
    return told


def table(results):
    head = ["", "", "fastest s", "median s", "ratio", "inertia or log-likelihood", "iterations", "peak MB", "data MB"]
    lines = [head]
    for name, result in results.items():
        for side in ("segtrail", "scikit-learn"):
            of = result[side]
            rand = of.get("adjusted_rand_index")
            lines.append([
                name if side == "segtrail" else "",
                side,
                f"{of['fastest_s']:.3f}",
                f"{of['median_s']:.3f}",
                f"{result['ratio']:.2f}" if side == "segtrail" else "",
                f"{of['merit']:.10g}" + ("" if rand is None else f" (Rand {rand:.4f})"),
                f"{of['iterations']:g}",
                f"{of['peak_mb']:,.0f}",
                f"{result['data_mb']:,.1f}",
            ])
    widths = [max(len(line[place]) for line in lines) for place in range(len(head))]
    for line in lines:
        cells = [cell.ljust(width) if place < 2 else cell.rjust(width)
                 for place, (cell, width) in enumerate(zip(line, widths))]
        print("  ".join(cells).rstrip())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--segtrail", required=True, help="the program, built with --release")
    parser.add_argument("--python", default=sys.executable, help="interpreter that has scikit-learn")
    parser.add_argument("--benchmarks", type=Path, help="folder of the clustering benchmarks, for birch2")
    parser.add_argument("--only", nargs="+", choices=list(SHAPES), help="these alone")
    parser.add_argument("--threads", type=int, default=os.cpu_count(), help="of both (default: all)")
    parser.add_argument("--rounds", type=int, default=5, help="rounds counted (default 5)")
    parser.add_argument("--warmup", type=int, default=1, help="rounds before them (default 1)")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--inner", nargs="+", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.inner:
        return packages(args)
    given = {name: bool(args.benchmarks) or not name.startswith("birch2") for name in SHAPES}
    names = args.only or [name for name in SHAPES if given[name]]
    if not all(given[name] for name in names):
        parser.error("birch2 needs --benchmarks")
    load = os.getloadavg()[0]
    results, apart = {}, []
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            result = measure(args, name, Path(folder))
        shape = SHAPES[name]
        ours, theirs = result["segtrail"], result["scikit-learn"]
        result["ratio"] = theirs["median_s"] / ours["median_s"]
        result["data_mb"] = shape["n"] * shape["p"] * 8 / 1e6
        results[name] = result
        within = 1e-9 if shape["method"] == "kmeans" else 1e-6
        if not name.startswith("birch2") and abs(ours["merit"] - theirs["merit"]) > within * abs(theirs["merit"]):
            apart.append(name)
    if args.json:
        told = {"threads": args.threads, "seed": args.seed, "load_average": load, "results": results}
        print(json.dumps(told, indent=2))
    else:
        print(f"{args.threads} threads, {args.rounds} rounds, load average {load:.2f} at the start"
              + ("; the machine is busy" if load > 0.5 else ""))
        table(results)
    if apart:
        sys.exit(f"not the same figure from the same start: {', '.join(apart)}")


if __name__ == "__main__":
    main()
