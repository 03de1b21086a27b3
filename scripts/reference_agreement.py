"""Reference values of measures of agreement from scikit-learn, for tests/reference/agreement.json.

Usage: python scripts/reference_agreement.py > tests/reference/agreement.json

A hundred pairs of partitions, drawn with a fixed seed: between 2 and 2,000 items in up to 12 parts
each, from independent to nearly the same, some with parts of single items. Each pair is kept as its
contingency table. The variation of information is written out from scikit-learn's entropies and
mutual information, which has no function for it.
"""

import json
import sys
import warnings

import numpy as np
import sklearn
from sklearn import metrics
from sklearn.metrics.cluster import contingency_matrix, entropy


def figures(first, second):
    """The table of two partitions with every measure."""
    homogeneity, completeness, v_measure = metrics.homogeneity_completeness_v_measure(first, second)
    mutual = metrics.mutual_info_score(first, second)
    return {
        "table": contingency_matrix(first, second).tolist(),
        "adjusted_rand_index": metrics.adjusted_rand_score(first, second),
        "adjusted_mutual_information": metrics.adjusted_mutual_info_score(first, second),
        "normalised_mutual_information": metrics.normalized_mutual_info_score(first, second),
        "homogeneity": homogeneity,
        "completeness": completeness,
        "v_measure": v_measure,
        "variation_of_information": float(entropy(first) + entropy(second) - 2 * mutual),
    }


warnings.simplefilter("ignore", FutureWarning)  # sklearn.metrics.cluster.entropy is to go
draws = np.random.default_rng(20261127)
pairs = []
for index in range(100):
    n = int(draws.integers(2, 60 if index < 30 else 2000))
    first = draws.integers(0, draws.integers(1, 13), n)
    second = draws.integers(0, draws.integers(1, 13), n)
    alike = draws.random(n) < draws.choice([0.0, 0.3, 0.7, 0.95])
    second = np.where(alike, first, second)
    if index % 10 == 9:
        first, second = np.arange(n)[:100], second[:100]
    pairs.append(figures(first, second))
json.dump({"scikit-learn": sklearn.__version__, "numpy": np.__version__, "pairs": pairs}, sys.stdout)
print()
