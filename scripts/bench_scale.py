#!/usr/bin/env python3
"""Time `segtrail cluster` on simulated customers by the million, and how much memory it takes.

    python scripts/bench_scale.py --segtrail target/release/segtrail \\
        [--customers 10000000] [--k 50] [--months 12] [--limit-gb 4] [--json]

`segtrail simulate --features` draws the customers and writes eight features of each to a Parquet file;
`segtrail cluster` reads it, fits k-means with the given k and one restart, assigns every customer,
computes medians by segment and writes the segment of every customer to another Parquet file. The
silhouette and --bootstrap refits (default 20) are of a sample, as the program says.

Printed: wall seconds, seconds by step, and the largest resident memory of the whole process of each
command, all of its reading and writing included; what the data take as 64-bit floats stands beside it.
Exit code 1 if a command fails or `cluster` passes --limit-gb (10^9 bytes). Needs Linux or macOS, and
space for some 1.5 GB of files in --folder (default: a temporary one, removed afterwards).
"""

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path

FEATURES = 8


def run(command):
    """Runs a command to its end: its JSON document, wall seconds and peak memory in bytes."""
    start = time.perf_counter()
    read, write = os.pipe()
    child = os.posix_spawnp(
        command[0], command, os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, write, 1)]
    )
    os.close(write)
    with os.fdopen(read) as pipe:
        said = pipe.read()
    _, status, usage = os.wait4(child, 0)
    seconds = time.perf_counter() - start
    if status:
        sys.exit(f"{' '.join(command)}: exit code {os.waitstatus_to_exitcode(status)}")
    unit = 1 if sys.platform == "darwin" else 1024
    return json.loads(said), seconds, usage.ru_maxrss * unit


def measure(args, folder):
    features, segments = str(folder / "features.parquet"), str(folder / "segments.parquet")
    common = ["--seed", str(args.seed), "--json"]
    if args.threads:
        common += ["--threads", str(args.threads)]
    simulate = [args.segtrail, "simulate", "--customers", str(args.customers),
                "--months", str(args.months), "--features", features]
    drawn, drawn_seconds, drawn_peak = run(simulate + common)
    cluster = [args.segtrail, "cluster", features, "--id", "customer_id", "--k", str(args.k),
               "--transform", "log1p", "--restarts", "1", "--no-representatives", "--bootstrap", str(args.bootstrap),
               "-o", segments]
    found, seconds, peak = run(cluster + common)
    data = args.customers * FEATURES * 8
    return {
        "customers": args.customers,
        "features": [feature["name"] for feature in found["features"]],
        "orders": drawn["orders"],
        "k": found["k"],
        "iterations": found["iterations"],
        "converged": found["converged"],
        "inertia": found["inertia"],
        "largest_segment": max(found["sizes"]),
        "smallest_segment": min(found["sizes"]),
        "simulate": {"seconds": drawn_seconds, "peak_bytes": drawn_peak},
        "cluster": {"seconds": seconds, "peak_bytes": peak, "timings": found["timings"]},
        "data_bytes": data,
        "peak_over_data": peak / data,
        "threads": args.threads or os.cpu_count(),
    }


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--segtrail", required=True, help="the program")
    parser.add_argument("--customers", type=int, default=10_000_000)
    parser.add_argument("--months", type=int, default=12)
    parser.add_argument("--k", type=int, default=50)
    parser.add_argument("--bootstrap", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int)
    parser.add_argument("--limit-gb", type=float, default=4.0)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    if args.folder:
        args.folder.mkdir(parents=True, exist_ok=True)
        result = measure(args, args.folder)
    else:
        with tempfile.TemporaryDirectory() as folder:
            result = measure(args, Path(folder))
    if args.json:
        print(json.dumps(result, indent=2))
    else:
        simulate, cluster = result["simulate"], result["cluster"]
        print(f"{result['customers']:,} customers x {FEATURES}, k = {result['k']}, "
              f"{result['iterations']} iterations, {result['threads']} threads")
        print(f"simulate: {simulate['seconds']:.1f} s, peak {simulate['peak_bytes'] / 1e6:,.0f} MB "
              f"({result['orders']:,} orders)")
        steps = ", ".join(f"{step} {seconds:.1f}" for step, seconds in cluster["timings"].items())
        print(f"cluster:  {cluster['seconds']:.1f} s ({steps}), peak "
              f"{cluster['peak_bytes'] / 1e6:,.0f} MB, {result['peak_over_data']:.2f} times the data "
              f"({result['data_bytes'] / 1e6:,.0f} MB)")
    if result["cluster"]["peak_bytes"] > args.limit_gb * 1e9:
        sys.exit(f"more than {args.limit_gb:g} GB")


if __name__ == "__main__":
    main()
