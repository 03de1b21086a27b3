#!/usr/bin/env python3
"""Time the whole monthly run of segtrail against another pipeline that does the same job, in turn,
on the same file.

    python scripts/bench_peer.py --peer PIPELINE.py --segtrail target/release/segtrail \\
        --transactions online_retail_ii.parquet --as-of 2011-12-09 [--rounds 5]

The peer is a Python script that is called as `PIPELINE.py TRANSACTIONS AS_OF OUT.parquet`, AS_OF
being the last second of the day; --python names the interpreter that has its packages. segtrail
is called as `segtrail run CONFIG --as-of AS_OF --models FOLDER`, each time with a new folder, so
that no run is recognised as done before.

CONFIG is written by this script for the columns of Online Retail II, and asks for what a peer of
this kind does, and more: duplicates dropped, cancellations refused; recency, orders, spend,
tenure, chance of being alive and customer lifetime value clustered (log1p, standardised); k from 2
to 10 for k-means with ten restarts and for the mixture with three, the better taken
(`method = "auto"`); {bootstrap} bootstrap refits; report and all files. --print-config shows it;
--config takes another, which has to name the same TRANSACTIONS file.

One round runs each once; which of the two goes first changes from round to round, and the first
--warmup rounds (default 1) are not counted, so that both find the file in the page cache. Printed:
median, fastest and slowest wall time, the largest peak resident memory, the ratios of the medians
and of the memory, and the median seconds of each step of segtrail as its manifest tells them; what
is left of the wall time is the start of the process and the writing of the run. With --json the
same as one JSON document. Exit code 1 if one of the programs fails. Needs Linux or macOS and
nothing beyond the standard library.

Run it on a machine that does nothing else: thread pools that wait by spinning lose far more than
their share to a busy neighbour. The load average at the start is printed, with a warning if high.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path


BOOTSTRAP = 100

CONFIG = """\
name = "online-retail"
currency = "GBP"
timezone = "Europe/London"

[transactions]
files = [{transactions}]
customer = "Customer ID"
order = "Invoice"
time = "InvoiceDate"
quantity = "Quantity"
unit_price = "Price"

[transactions.policy]
duplicates = "drop"
returns = "exclude"
cancellation = {{ column = "Invoice", matches = "^C" }}

[features]
use = ["recency_days", "n_orders", "monetary_total", "tenure_days", "p_alive", "clv"]

[cluster]
method = "auto"
k = "2..10"
restarts = 10    # of k-means; the mixture makes at most 3
bootstrap = {bootstrap}
"""


def measure(command, log):
    """Wall seconds and peak resident bytes of one child process."""
    with open(log, "wb") as output:
        start = time.perf_counter()
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.perf_counter() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        said = log.read_text("utf-8", "replace")[-2000:]
        sys.exit(f"bench_peer: exit code {child.returncode} from: {' '.join(command)}\n{said}")
    # Kibibytes on Linux, bytes on macOS.
    return wall, usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def summary(measured):
    walls = [wall for wall, _ in measured]
    return {
        "rounds": len(walls),
        "median_s": round(statistics.median(walls), 3),
        "fastest_s": round(min(walls), 3),
        "slowest_s": round(max(walls), 3),
        "peak_mb": round(max(memory for _, memory in measured) / 1e6, 1),
    }


def timings(models):
    """Seconds by step of the one run in a store."""
    (manifest,) = models.glob("*/*/manifest.json")
    return dict(json.loads(manifest.read_text("utf-8"))["timings"])


def main():
    parser = argparse.ArgumentParser(
        description=__doc__.format(bootstrap=BOOTSTRAP),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--peer", type=Path, required=True, help="the peer's script")
    parser.add_argument("--segtrail", type=Path, required=True, help="the program, built with --release")
    parser.add_argument("--transactions", type=Path, required=True, help="the file that both read")
    parser.add_argument("--config", type=Path, help="another segtrail.toml that names the same file")
    parser.add_argument("--print-config", action="store_true", help="print the configuration and stop")
    parser.add_argument("--as-of", required=True, help="YYYY-MM-DD")
    parser.add_argument("--python", default=sys.executable, help="interpreter of the peer")
    parser.add_argument("--threads", type=int, help="threads of segtrail (default: its own)")
    parser.add_argument("--rounds", type=int, default=5, help="rounds counted (default 5)")
    parser.add_argument("--warmup", type=int, default=1, help="rounds before them (default 1)")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    options = parser.parse_args()
    if options.rounds < 1 or options.warmup < 0:
        parser.error("--rounds must be at least 1 and --warmup at least 0")
    config = CONFIG.format(
        transactions=json.dumps(str(options.transactions.resolve())), bootstrap=BOOTSTRAP
    )
    if options.print_config:
        print(config, end="")
        return
    for path in filter(None, (options.peer, options.segtrail, options.transactions, options.config)):
        if not path.is_file():
            parser.error(f"{path} is not a file")

    load = os.getloadavg()[0]
    if load > 0.5:
        print(f"bench_peer: warning: load average {load:.1f} before the first round; the times will "
              "not be comparable", file=sys.stderr)
    measured = {"peer": [], "segtrail": []}
    steps = []
    with tempfile.TemporaryDirectory(prefix="bench_peer_") as scratch:
        written = Path(scratch, "segtrail.toml")
        written.write_text(config, "utf-8")
        for number in range(options.warmup + options.rounds):
            folder = Path(scratch, f"round{number}")
            folder.mkdir()
            commands = {
                "peer": [options.python, str(options.peer), str(options.transactions),
                         f"{options.as_of}T23:59:59", str(folder / "peer.parquet")],
                "segtrail": [str(options.segtrail.resolve()), "run", str(options.config or written), "--as-of",
                             options.as_of, "--models", str(folder / "models"), "--quiet"],
            }
            if options.threads:
                commands["segtrail"] += ["--threads", str(options.threads)]
            for name in sorted(commands, reverse=number % 2 == 1):
                wall, memory = measure(commands[name], folder / f"{name}.log")
                if number >= options.warmup:
                    measured[name].append((wall, memory))
                    if name == "segtrail":
                        told = timings(folder / "models")
                        steps.append({**told, "start and save": wall - sum(told.values())})
                counted = "" if number >= options.warmup else " (not counted)"
                print(f"round {number + 1} {name}: {wall:.2f} s, {memory / 1e6:.0f} MB{counted}",
                      file=sys.stderr)

    result = {name: summary(rounds) for name, rounds in measured.items()}
    result["times_faster"] = round(result["peer"]["median_s"] / result["segtrail"]["median_s"], 2)
    result["memory_ratio"] = round(result["segtrail"]["peak_mb"] / result["peer"]["peak_mb"], 2)
    result["steps_s"] = {
        step: round(statistics.median(told[step] for told in steps), 3) for step in steps[0]
    }
    result["cores"] = os.cpu_count()
    result["load_at_start"] = round(load, 2)
    if options.json:
        print(json.dumps(result, indent=2))
        return
    print(f"{'':10}{'median s':>10}{'fastest':>10}{'slowest':>10}{'peak MB':>10}")
    for name in measured:
        row = result[name]
        print(f"{name:10}{row['median_s']:>10.2f}{row['fastest_s']:>10.2f}{row['slowest_s']:>10.2f}{row['peak_mb']:>10.0f}")
    for step, seconds in result["steps_s"].items():
        print(f"  {step:18}{seconds:>8.3f}")
    print(f"segtrail is {result['times_faster']} times as fast, with {result['memory_ratio']} times the "
          f"memory ({options.rounds} rounds, {result['cores']} cores, load {result['load_at_start']} at the start)")


if __name__ == "__main__":
    main()
