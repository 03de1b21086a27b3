"""Writes the reference values of the unit tests of the Pareto/NBD and the gamma-gamma model.

    pip install mpmath==1.4.1
    python scripts/reference_pareto.py        # writes tests/reference/{pareto,gamma_gamma}.csv

mpmath with 50 digits. The likelihood and the probabilities are integrals over the time of death;
every tenth likelihood is checked against the published closed form with hypergeometric functions
(Fader and Hardie 2005), to 25 digits. The arguments are drawn with a fixed seed and written with all
digits of an f64.
"""

import pathlib
import random

from mpmath import cos, exp, expint, gamma, hyp2f1, log, loggamma, mp, mpf, nstr, pi

mp.dps = 50
FOLDER = pathlib.Path(__file__).parent.parent / "tests" / "reference"


def gauss_legendre(n):
    """Nodes and weights on [0, 1]: Newton's method on the Legendre polynomial."""
    rule = []
    for i in range(n):
        x = cos(pi * (i + mpf(3) / 4) / (n + mpf(1) / 2))
        for _ in range(9):
            p, before = mpf(1), mpf(0)
            for j in range(1, n + 1):
                p, before = ((2 * j - 1) * x * p - (j - 1) * before) / j, p
            slope = n * (x * p - before) / (x * x - 1)
            x -= p / slope
        rule.append(((1 + x) / 2, 1 / ((1 - x * x) * slope * slope)))
    return rule


RULE = gauss_legendre(40)


def integral(f, low, high):
    """Over [low, high], in 40 panels of 40 nodes."""
    width = (high - low) / 40
    return width * sum(
        weight * f(low + (panel + place) * width) for panel in range(40) for place, weight in RULE
    )


def dead_by_integral(r, a, s, b, x, tx, T):
    """s times the integral from t_x to T, in the logarithm of the time; what is below e^-300 of the
    integrand's start is left out."""
    m = min(a, b)
    f = lambda v: (a + exp(v) - m) ** -(r + x) * (b + exp(v) - m) ** -(s + 1) * exp(v)
    end = min(T, (a + tx) * exp(300 / (r + x)) - a)
    return s * integral(f, log(m + tx), log(m + end))


def dead_in_closed_form(r, a, s, b, x, tx, T):
    """The same as Fader and Hardie (2005) have it."""

    def h(t):
        if a >= b:
            return hyp2f1(r + s + x, s + 1, r + s + x + 1, (a - b) / (a + t)) / (a + t) ** (r + s + x)
        return hyp2f1(r + s + x, r + x, r + s + x + 1, (b - a) / (b + t)) / (b + t) ** (r + s + x)

    return s / (r + s + x) * (h(tx) - h(T))


def expected_life(s, b, t):
    if s == 1:
        return b * log((b + t) / b)
    return b / (s - 1) * (1 - (b / (b + t)) ** (s - 1))


def pmf(r, a, s, b, n, t):
    nb = lambda u: gamma(r + n) / gamma(r) / gamma(n + 1) * (a / (a + u)) ** r * (u / (a + u)) ** n
    m = min(a, b)
    f = lambda v: nb(exp(v) - m) * s * b**s * (b + exp(v) - m) ** -(s + 1) * exp(v)
    return nb(t) * (b / (b + t)) ** s + integral(f, log(m), log(m + t))


def pareto():
    draw = random.Random(20051105)
    wide = lambda low, high: float(f"{low * (high / low) ** draw.random():.6g}")
    yield "r,alpha,s,beta,x,t_x,T,t,delta,n,log_likelihood,p_alive,expected,dert,new,probability"
    for i in range(200):
        r, s = wide(0.05, 20), wide(0.05, 20)
        a, b = wide(1e-3, 1e3), wide(1e-3, 1e3)
        kind = i % 5
        if kind == 1:  # s near or at 1
            s = draw.choice([1.0, 1 + 1e-12, 1 - 1e-9, 1 + 1e-6, 1 - 1e-3])
        if kind == 2:  # alpha near or at beta
            b = a * draw.choice([1.0, 1 + 1e-12, 1 - 1e-7, 1.001, 0.98])
        x = float(draw.choice([0, 0, 1, 1, 2, 3, 5, 10, 30, 100, 500]))
        T = wide(0.1, 500)
        tx = 0.0 if x == 0 else float(f"{T * draw.random() ** draw.choice([1, 0.1]):.6g}")
        tx = min(tx, T)
        t, delta = wide(0.1, 500), wide(1e-5, 1.0)
        n = draw.choice([0, 1, 2, 5, 20, 100])
        arguments = [r, a, s, b, x, tx, T, t, delta]
        R, A, S, B, X, TX, TT, t_, d = map(mpf, arguments)
        alive = (A + TT) ** -(R + X) * (B + TT) ** -S
        dead = dead_by_integral(R, A, S, B, X, TX, TT)
        if i % 10 == 0 and X < 50:
            closed = dead_in_closed_form(R, A, S, B, X, TX, TT)
            assert abs(closed - dead) < mpf(10) ** -25 * (alive + dead), arguments
        value = loggamma(R + X) - loggamma(R) + R * log(A) + S * log(B) + log(alive + dead)
        alive = alive / (alive + dead)
        rate = (R + X) / (A + TT)
        z = d * (B + TT)
        dert = alive * rate * (B + TT) * exp(z) * expint(S, z)
        row = [value, alive, alive * rate * expected_life(S, B + TT, t_), dert]
        row += [R / A * expected_life(S, B, t_), pmf(R, A, S, B, n, t_)]
        yield ",".join([*map(repr, arguments), str(n), *(nstr(v, 20) for v in row)])


def gamma_gamma():
    draw = random.Random(2013)
    wide = lambda low, high: float(f"{low * (high / low) ** draw.random():.6g}")
    yield "p,q,v,x,m_x,log_likelihood,mean"
    for _ in range(100):
        p, q, v = wide(0.05, 50), 1 + wide(0.01, 50), wide(1e-2, 1e6)
        x, z = float(draw.choice([1, 1, 2, 3, 10, 100, 1000])), wide(1e-2, 1e7)
        P, Q, V, X, Z = map(mpf, [p, q, v, x, z])
        value = loggamma(P * X + Q) - loggamma(P * X) - loggamma(Q) + Q * log(V)
        value += (P * X - 1) * log(Z) + P * X * log(X) - (P * X + Q) * log(V + X * Z)
        mean = P * (V + X * Z) / (P * X + Q - 1)
        yield ",".join([*map(repr, [p, q, v, x, z]), nstr(value, 20), nstr(mean, 20)])


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, lines in (("pareto", pareto()), ("gamma_gamma", gamma_gamma())):
        (FOLDER / f"{name}.csv").write_text("\n".join(lines) + "\n")
