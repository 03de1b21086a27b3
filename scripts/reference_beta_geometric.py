#!/usr/bin/env python3
"""Write tests/reference/beta_geometric.csv: BG/NBD and MBG/NBD at random parameters, by mpmath.

    pip install mpmath
    python scripts/reference_beta_geometric.py tests/reference/beta_geometric.csv

Nothing here is shared with segtrail: the likelihood comes from its definition with beta and gamma
functions, P(alive) from its two terms, the expectation from the closed form with 2F1 (Fader, Hardie
and Lee 2005, equation 10; with b + 1 for b it is the one of Batislam et al. 2007), the discounted
orders from an integral over the rate of purchase, the distribution of a new customer from sums. The
closed form is compared with an integral over the coin at the points where that converges fast.
Rows are the same bytes each time.
"""

import csv
import random
import sys

from mpmath import mp, mpf

mp.dps = 60


def trapezoid(f, step):
    """Integral over the line of a function that falls exponentially to both sides of 0."""
    total = f(mpf(0))
    for sign in (1, -1):
        k, peak = 1, abs(total)
        while True:
            term = f(sign * k * step)
            total += term
            peak = max(peak, abs(term))
            if abs(term) < peak * mpf(10) ** -34 and k > 20:
                break
            k += 1
    return total * step


def posterior(row):
    m = row["x"] + (1 if row["model"] == "mbg" else 0)
    return row["r"] + row["x"], row["alpha"] + row["T"], row["a"], row["b"] + m, m


def branches(row):
    """Likelihoods of being alive at T and of having stopped at t_x (FHL 2005, equation 6)."""
    r, alpha, a, b, x = (row[k] for k in ("r", "alpha", "a", "b", "x"))
    n, beta, _, _, m = posterior(row)
    common = mp.gamma(n) / mp.gamma(r) * alpha**r / mp.beta(a, b)
    alive = common * mp.beta(a, b + m) * beta**-n
    stopped = common * mp.beta(a + 1, b + m - 1) * (alpha + row["t_x"]) ** -n if m > 0 else mpf(0)
    return alive, stopped


def orders(n, beta, a, b, t):
    """E[orders in t], alive at its start: closed form."""
    z = t / (beta + t)
    with mp.workdps(120):
        f = mp.hyp2f1(n, b, a + b - 1, z)
        return (a + b - 1) / (a - 1) * (1 - (beta / (beta + t)) ** n * f)


def orders_by_integral(n, beta, a, b, t):
    def f(s):
        p, q = 1 / (1 + mp.exp(-s)), 1 / (1 + mp.exp(s))
        return p**a * q**b * (1 - (1 + p * t / beta) ** -n) / p

    return trapezoid(f, mpf(1) / 16) / mp.beta(a, b)


def discounted(n, beta, a, b, delta):
    """E over lambda of lambda / delta 2F1(1, a; a + b; -lambda / delta)."""
    centre = mp.log(n / beta)
    width = min(mpf(1), 1 / mp.sqrt(n)) / 8

    def f(s):
        rate = mp.exp(centre + s)
        density = mp.exp(n * s - beta * rate + n)
        return density * rate / delta * mp.hyp2f1(1, a, a + b, -rate / delta)

    return trapezoid(f, width) * (n / beta) ** n * mp.exp(-n) * beta**n / mp.gamma(n)


def probability(row, k, t):
    """P(X(t) = k) of a new customer."""
    r, alpha, a, b = (row[name] for name in ("r", "alpha", "a", "b"))
    z = t / (alpha + t)
    nb = lambda j: mp.rf(r, j) / mp.factorial(j) * (1 - z) ** r * z**j
    m = k + (1 if row["model"] == "mbg" else 0)
    alive = mp.beta(a, b + m) / mp.beta(a, b) * nb(k)
    if m == 0:
        return alive
    # Many digits: where few orders are likely, this difference has a hundred zeros.
    with mp.workdps(400):
        z = t / (alpha + t)
        at_least = 1 - mp.fsum(nb(j) for j in range(k))
    return alive + mp.beta(a + 1, b + m - 1) / mp.beta(a, b) * at_least


def draw(generator, model):
    log_uniform = lambda low, high: mpf(repr(float(f"{low * (high / low) ** generator.random():.6g}")))
    x = 0 if generator.random() < 0.2 else round(300 ** generator.random())
    T = log_uniform(1, 1000)
    share = mpf(repr(round(generator.random() ** 0.5, 6)))
    return {
        "model": model,
        "r": log_uniform(0.05, 20),
        "alpha": log_uniform(0.01, 1000),
        "a": log_uniform(0.05, 20),
        "b": log_uniform(0.05, 20),
        "x": x,
        "t_x": mpf(repr(float(T * share))) if x else mpf(0),
        "T": T,
        "t": log_uniform(0.1, 2000),
        "delta": log_uniform(0.0002, 1),
        "k": round(30 ** generator.random()) - 1,
    }


def values(row):
    alive, stopped = branches(row)
    n, beta, a, b, _ = posterior(row)
    p_alive = alive / (alive + stopped)
    given = orders(n, beta, a, b, row["t"])
    if a > 0.5 and n < 50:
        other = orders_by_integral(n, beta, a, b, row["t"])
        assert abs(given / other - 1) < mpf(10) ** -25, (row, given, other)
    new = posterior(row | {"x": 0, "T": mpf(0)})
    new_alive = 1 if row["model"] == "bg" else row["b"] / (row["a"] + row["b"])
    return {
        "log_likelihood": mp.log(alive + stopped),
        "p_alive": p_alive,
        "expected_orders": p_alive * given,
        "discounted_orders": p_alive * discounted(n, beta, a, b, row["delta"]),
        "expected_orders_new": new_alive * orders(*new[:4], row["t"]),
        "probability": probability(row, row["k"], row["t"]),
    }


def main():
    generator = random.Random(2005)
    rows = [draw(generator, ("bg", "mbg")[i % 2]) for i in range(200)]
    with open(sys.argv[1], "w", newline="", encoding="utf-8") as file:
        writer = None
        for row in rows:
            numbers = values(row)
            text = {key: value if isinstance(value, (str, int)) else mp.nstr(value, 17) for key, value in row.items()}
            text |= {key: mp.nstr(value, 20) for key, value in numbers.items()}
            if writer is None:
                writer = csv.DictWriter(file, list(text), lineterminator="\n")
                writer.writeheader()
            writer.writerow(text)
            file.flush()


if __name__ == "__main__":
    main()
