#!/usr/bin/env python3
"""Time the models of customer value against the Python package Lifetimes, in turn, on the same tables.

    python scripts/bench_clv.py --python VENV/bin/python --segtrail target/release/segtrail \\
        --cdnow CDNOW_master.txt [--customers 1000000] [--rounds 5] [--cases cdnow-bg,simulated]

Three cases, each one CSV table with a customer a line: x, t_x and T in weeks, and where spend is fitted
m_x, the mean spend of the repeat days.

  cdnow-bg      BG/NBD fitted to the 23,570 customers of CDNOW (--cdnow, the file CDNOW_master.txt),
                observed to 1997-09-30
  cdnow-pareto  Pareto/NBD fitted to the same
  simulated     BG/NBD and Gamma-Gamma fitted to --customers customers that
                `segtrail simulate --scenario bg-nbd` draws, observed for nine months, and the
                expected orders and spend, P(alive) and value of each for 12 months, discounted
                at 1 % a month, written to a Parquet file

What is measured. For Lifetimes 0.11.3, which --python must have, the time from before the table is
read to the end of the work, inside the process: starting Python and importing packages do not
count. For segtrail, the whole process, its start included. "fit alone" is the time inside each
process from the table in memory to the estimates and, in the case `simulated`, the forecasts of
all rows. Both read the same file; peak memory is that of the whole process. Lifetimes is called as
its documentation does; segtrail joins equal histories, which is its own doing. The tables are made
before the first round and do not count.

One round runs each once; which of the two goes first changes from round to round, and the first
--warmup rounds (default 1) are not counted. Printed: median, fastest and slowest time, the largest
peak memory, the ratio of the medians and what each found; with --json as one JSON document. Exit
code 1 if one of the programs fails or the log-likelihood that segtrail found is the lower one.
Needs Linux or macOS. Run it on a machine that does nothing else.
"""

import argparse
import csv
import datetime
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CASES = {"cdnow-bg": "bg_nbd", "cdnow-pareto": "pareto_nbd", "simulated": "bg_nbd"}
# Of every month; segtrail takes the effective rate of a year.
DISCOUNT_RATE = 0.01


def segtrail_command(program, table, model, scores):
    """The command line of segtrail for one case; `scores` is none where nothing is scored."""
    command = [program, "clv", "fit", table, "--model", model, "--unit", "weeks", "--json"]
    if scores:  # spend is fitted where the table has a column m_x
        yearly = (1 + DISCOUNT_RATE) ** 12 - 1
        command += ["--horizon", "12 months", "--discount-rate", f"{yearly:.12f}", "-o", scores]
    return [str(word) for word in command]


def lifetimes_work(table, model, scores):
    """What a user of Lifetimes writes; run by --python, as `bench_clv.py --work ...`."""
    import numpy
    import pandas
    from lifetimes import BetaGeoFitter, GammaGammaFitter, ParetoNBDFitter

    start = time.perf_counter()
    data = pandas.read_csv(table)
    read = time.perf_counter()
    orders = {"bg_nbd": BetaGeoFitter, "pareto_nbd": ParetoNBDFitter}[model]()
    orders.fit(data["x"], data["t_x"], data["T"])
    result = {"parameters": dict(orders.params_)}
    if scores:
        again = data[data["x"] > 0]
        spend = GammaGammaFitter()
        spend.fit(again["x"], again["m_x"])
        # Twelve of the months that customer_lifetime_value takes for freq="W".
        horizon = 12 * 4.345
        data["expected_orders"] = orders.conditional_expected_number_of_purchases_up_to_time(
            horizon, data["x"], data["t_x"], data["T"]
        )
        data["p_alive"] = orders.conditional_probability_alive(data["x"], data["t_x"], data["T"])
        data["expected_spend"] = spend.conditional_expected_average_profit(data["x"], data["m_x"])
        data["clv"] = spend.customer_lifetime_value(
            orders, data["x"], data["t_x"], data["T"], data["m_x"],
            time=12, discount_rate=DISCOUNT_RATE, freq="W",
        )
        result["spend_parameters"] = dict(spend.params_)
        result["totals"] = {name: float(data[name].sum()) for name in ["expected_orders", "clv"]}
    end = time.perf_counter()
    if scores:
        data.to_parquet(scores)
    result["seconds"] = {"read": read - start, "fit": end - read, "write": time.perf_counter() - end}
    # The one that it maximised is of times in another scale.
    parameters = orders.params_.to_numpy(float)
    history = data["x"].to_numpy(), data["t_x"].to_numpy(), data["T"].to_numpy()
    if model == "bg_nbd":
        mean = -orders._negative_log_likelihood(numpy.log(parameters), *history, numpy.ones(len(data)), 0.0)
        result["log_likelihood"] = float(mean) * len(data)
    else:
        result["log_likelihood"] = float(orders._conditional_log_likelihood(parameters, *history).sum())
    print(json.dumps(result))


def write_table(customers, end, table, spend):
    """One line for each (customer, {date: spend}), for purchase days up to `end`; how many there are."""
    count = 0
    with open(table, "w", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(["customer_id", "x", "t_x", "T"] + ["m_x"] * spend)
        for customer, spends in customers:
            days = sorted(day for day in spends if day <= end)
            if not days:
                continue
            row = [customer, len(days) - 1, (days[-1] - days[0]).days / 7, (end - days[0]).days / 7]
            if spend:
                row.append(round(statistics.fmean(spends[day] for day in days[1:]), 4) if row[1] else 0)
            lines.writerow(row)
            count += 1
    return count


def cdnow_table(source, table):
    customers = {}
    with open(source) as file:
        for line in file:
            customer, day, _, dollars = line.split()
            if not day.isdigit():  # some copies have a line of names
                continue
            day = datetime.datetime.strptime(day, "%Y%m%d").date()
            days = customers.setdefault(customer, {})
            days[day] = days.get(day, 0) + float(dollars)
    return write_table(sorted(customers.items()), datetime.date(1997, 9, 30), table, False)


def simulated_table(program, customers, seed, folder, table):
    """Nine of eighteen months, as CDNOW is used: members enter in the first three."""
    subprocess.run(
        [program, "simulate", "--scenario", "bg-nbd", "--customers", str(customers), "--months", "18",
         "--seed", str(seed), "--start", "2024-01-01", "--format", "csv", "-o", folder, "--quiet"],
        check=True, stdout=subprocess.DEVNULL,
    )
    day_of = {}

    def customers_in_order():
        name, days = None, {}
        with open(folder / "transactions.csv", newline="") as file:
            for row in csv.DictReader(file):
                if row["customer_id"] != name:
                    if name is not None:
                        yield name, days
                    name, days = row["customer_id"], {}
                text = row["time"][:10]
                day = day_of.setdefault(text, datetime.date.fromisoformat(text))
                days[day] = days.get(day, 0) + float(row["amount"])
        yield name, days

    return write_table(customers_in_order(), datetime.date(2024, 9, 30), table, True)


def measure(command, log):
    """Wall seconds, peak resident bytes and standard output of one child process."""
    with open(log, "wb") as output, open(f"{log}.err", "wb") as errors:
        start = time.perf_counter()
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=errors)
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.perf_counter() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        said = Path(f"{log}.err").read_text("utf-8", "replace")[-2000:]
        sys.exit(f"bench_clv: exit code {child.returncode} from: {' '.join(command)}\n{said}")
    # Kibibytes on Linux, bytes on macOS.
    return wall, usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024), log.read_text("utf-8")


def log_likelihood(document):
    """The first `log_likelihood` of a JSON document, at whatever depth."""
    if isinstance(document, dict):
        if isinstance(document.get("log_likelihood"), (int, float)):
            return document["log_likelihood"]
        document = list(document.values())
    if isinstance(document, list):
        for part in document:
            found = log_likelihood(part)
            if found is not None:
                return found
    return None


def summary(measured):
    times = [seconds for seconds, _, _ in measured]
    return {
        "fit_median_s": round(statistics.median(fit for _, _, fit in measured), 4),
        "rounds": len(times),
        "median_s": round(statistics.median(times), 3),
        "fastest_s": round(min(times), 3),
        "slowest_s": round(max(times), 3),
        "peak_mb": round(max(memory for _, memory, _ in measured) / 1e6, 1),
    }


def run_case(case, table, options, scratch):
    model, scored = CASES[case], case == "simulated"
    measured, found = {"lifetimes": [], "segtrail": []}, {}
    for number in range(options.warmup + options.rounds):
        scores = {name: scratch / f"{case}_{name}.parquet" if scored else None for name in measured}
        commands = {
            "lifetimes": [options.python, __file__, "--work", str(table), model,
                          str(scores["lifetimes"] or "")],
            "segtrail": segtrail_command(options.segtrail.resolve(), table, model, scores["segtrail"]),
        }
        for name in sorted(commands, reverse=number % 2 == 1):
            for old in filter(None, [scores[name]]):
                old.unlink(missing_ok=True)
            wall, memory, said = measure(commands[name], scratch / f"{case}_{name}.json")
            found[name] = json.loads(said)
            inside = found[name].pop("seconds")
            seconds = sum(inside.values()) if name == "lifetimes" else wall
            counted = "" if number >= options.warmup else " (not counted)"
            if number >= options.warmup:
                measured[name].append((seconds, memory, inside["fit"]))
            print(f"{case} round {number + 1} {name}: {seconds:.3f} s, {memory / 1e6:.0f} MB{counted}",
                  file=sys.stderr)
    result = {name: {**summary(rounds), "found": found[name]} for name, rounds in measured.items()}
    result["times_faster"] = round(result["lifetimes"]["median_s"] / result["segtrail"]["median_s"], 1)
    fits = {name: result[name]["fit_median_s"] for name in measured}
    result["fit_times_faster"] = round(fits["lifetimes"] / max(fits["segtrail"], 1e-4), 1)
    result["memory_ratio"] = round(result["segtrail"]["peak_mb"] / result["lifetimes"]["peak_mb"], 3)
    reached = {name: log_likelihood(found[name]) for name in found}
    result["log_likelihood"] = reached
    # Lifetimes stops at a tolerance; segtrail must not stop earlier.
    result["as_good"] = (
        reached["segtrail"] is not None
        and reached["segtrail"] >= reached["lifetimes"] - 1e-6 * abs(reached["lifetimes"])
    )
    return result


def main():
    if sys.argv[1:2] == ["--work"]:
        table, model, scores = sys.argv[2:5]
        return lifetimes_work(table, model, scores)
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--segtrail", type=Path, required=True, help="the program, built with --release")
    parser.add_argument("--python", default=sys.executable, help="interpreter that has Lifetimes")
    parser.add_argument("--cdnow", type=Path, help="CDNOW_master.txt, for the cases cdnow-*")
    parser.add_argument("--customers", type=int, default=1_000_000, help="simulated (default 1000000)")
    parser.add_argument("--seed", type=int, default=1, help="of the simulation (default 1)")
    parser.add_argument("--cases", default=",".join(CASES), help=f"which of {', '.join(CASES)} (default all)")
    parser.add_argument("--rounds", type=int, default=5, help="rounds counted (default 5)")
    parser.add_argument("--warmup", type=int, default=1, help="rounds before them (default 1)")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    options = parser.parse_args()
    cases = options.cases.split(",")
    if unknown := set(cases) - set(CASES):
        parser.error(f"--cases knows {', '.join(CASES)}, not {', '.join(sorted(unknown))}")
    if options.rounds < 1 or options.warmup < 0 or options.customers < 1:
        parser.error("--rounds and --customers must be at least 1 and --warmup at least 0")
    if not options.segtrail.is_file():
        parser.error(f"{options.segtrail} is not a file")
    if any(case.startswith("cdnow") for case in cases) and not (options.cdnow and options.cdnow.is_file()):
        parser.error("--cdnow must be the file CDNOW_master.txt")

    load = os.getloadavg()[0]
    if load > 0.5:
        print(f"bench_clv: warning: load average {load:.1f} before the first round; the times will "
              "not be comparable", file=sys.stderr)
    results = {}
    with tempfile.TemporaryDirectory(prefix="bench_clv_") as folder:
        scratch = Path(folder)
        for case in cases:
            table = scratch / ("simulated.csv" if case == "simulated" else "cdnow.csv")
            if case == "simulated":
                size = simulated_table(options.segtrail.resolve(), options.customers, options.seed,
                                       scratch / "simulation", table)
            else:
                size = cdnow_table(options.cdnow, table)
            results[case] = {"customers": size, **run_case(case, table, options, scratch)}

    if options.json:
        print(json.dumps({"cores": os.cpu_count(), "load_at_start": round(load, 2), "cases": results}, indent=2))
    else:
        for case, result in results.items():
            print(f"{case}: {result['customers']} customers, {options.rounds} rounds, {os.cpu_count()} "
                  f"cores, load {load:.2f} at the start")
            print(f"{'':10}{'median s':>10}{'fastest':>10}{'slowest':>10}{'fit alone':>11}{'peak MB':>10}{'log-likelihood':>18}")
            for name in ["lifetimes", "segtrail"]:
                row = result[name]
                reached = result["log_likelihood"][name]
                print(f"{name:10}{row['median_s']:>10.3f}{row['fastest_s']:>10.3f}{row['slowest_s']:>10.3f}"
                      f"{row['fit_median_s']:>11.4f}{row['peak_mb']:>10.0f}{math.nan if reached is None else reached:>18.3f}")
            for name in ["lifetimes", "segtrail"]:
                totals = result[name]["found"].get("totals") or {}
                if totals:
                    print(f"{name} forecasts {totals['expected_orders']:.1f} orders, worth {totals['clv']:.0f} today")
            print(f"segtrail is {result['times_faster']} times as fast, {result['fit_times_faster']} times once "
                  f"the table is read, with {result['memory_ratio']} times the memory\n")
    worse = [case for case, result in results.items() if not result["as_good"]]
    if worse:
        sys.exit(f"bench_clv: segtrail's log-likelihood is lower than that of Lifetimes in {', '.join(worse)}")


if __name__ == "__main__":
    main()
