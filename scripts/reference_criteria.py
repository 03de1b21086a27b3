"""Reference values of clustering criteria from scikit-learn, for tests/reference/criteria.csv.

Usage: python scripts/reference_criteria.py > tests/reference/criteria.csv

Points are integers divided by 8, drawn by a linear congruential generator that the test repeats;
labels likewise. Each row: n, p, k, seed, silhouette, Calinski-Harabasz, Davies-Bouldin.
"""

import numpy as np
import sklearn
from sklearn import metrics


def draws(seed, count):
    """`count` integers of 16 bits: x <- 6364136223846793005 x + 1442695040888963407 mod 2^64."""
    state, out = seed, []
    for _ in range(count):
        state = (6364136223846793005 * state + 1442695040888963407) % 2**64
        out.append(state >> 48)
    return out


def data(n, p, k, seed):
    numbers = draws(seed, n * (p + 1))
    labels = np.array([number % k for number in numbers[:n]])
    values = np.array(numbers[n:]).reshape(n, p) % 64 / 8.0
    # Labels overlap and do not: clusters lie two apart along the first feature.
    values[:, 0] += 2.0 * labels
    return values, labels


print(f"# scikit-learn {sklearn.__version__}, numpy {np.__version__}")
print("n,p,k,seed,silhouette,calinski_harabasz,davies_bouldin")
for n, p, k, seed in [
    (12, 1, 2, 1), (50, 2, 3, 2), (200, 3, 5, 3), (333, 6, 8, 4), (500, 2, 15, 5), (1000, 8, 4, 6),
]:
    values, labels = data(n, p, k, seed)
    figures = [
        metrics.silhouette_score(values, labels),
        metrics.calinski_harabasz_score(values, labels),
        metrics.davies_bouldin_score(values, labels),
    ]
    print(",".join([f"{n},{p},{k},{seed}", *(repr(float(figure)) for figure in figures)]))
