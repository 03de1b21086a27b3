"""Writes tests/reference/special.csv, the reference values of the unit tests of math/special.rs.

    pip install mpmath==1.4.1
    python scripts/reference_special.py

mpmath with 40 digits, at arguments around every change of method: small, near the zeros and poles, at
whole and half numbers, large.
"""

import pathlib

from mpmath import digamma, exp, expint, loggamma, mp, mpf, nstr

mp.dps = 40
FILE = pathlib.Path(__file__).parent.parent / "tests" / "reference" / "special.csv"

SINGLE = [1e-300, 1e-12, 1e-3, 0.1, 0.25, 0.4999, 0.5, 0.75, 0.999, 0.9999999, 1.0000001, 1.001, 1.25]
SINGLE += [1.4616, 1.5, 1.75, 1.999999, 2.000001, 2.25, 2.5, 2.75, 3.3, 5.5, 9.99, 10, 10.5, 37.7, 123.4]
SINGLE += [1e4, 1.5e8, 1e15]
RISING = [1e-8, 0.05, 0.553, 1, 3.7, 9.9, 11, 200.5, 1e5, 1e9]
STEPS = [0, 1, 2, 7, 32, 33, 500, 1e4, 0.3]
FIRST = [1e-9, 0.05, 0.793, 1, 2.426, 9.5, 12, 300, 1e6]
SECOND = [1e-9, 0.3, 1, 2, 9.5, 40, 1e3, 1e9]
ORDERS = [1e-6, 0.05, 0.5, 0.606, 0.95, 0.999999, 1, 1 + 1e-9, 1.0001, 1.4999999, 1.5, 1.7, 1.9999999]
ORDERS += [2, 2.5, 3, 5.3, 11, 19.99, 20, 50, 1000]
ARGUMENTS = [1e-12, 1e-6, 1e-3, 0.02, 0.3, 0.5614594835668851, 0.999, 1, 1.5, 4, 30, 800]


def rows():
    for a in map(mpf, SINGLE):
        yield "ln_gamma", a, mpf(0), loggamma(a)
        yield "digamma", a, mpf(0), digamma(a)
    for a in map(mpf, RISING):
        for x in map(mpf, STEPS):
            yield "ln_rising", a, x, loggamma(a + x) - loggamma(a)
            yield "digamma_rising", a, x, digamma(a + x) - digamma(a)
    for a in map(mpf, FIRST):
        for b in map(mpf, SECOND):
            yield "ln_beta", a, b, loggamma(a) + loggamma(b) - loggamma(a + b)
    for s in map(mpf, ORDERS):
        for z in map(mpf, ARGUMENTS):
            yield "scaled_exp_integral", s, z, exp(z) * expint(s, z)


if __name__ == "__main__":
    lines = [f"{name},{float(a)!r},{float(b)!r},{nstr(value, 20)}" for name, a, b, value in rows()]
    FILE.write_text("\n".join(["function,a,b,value", *lines]) + "\n")
