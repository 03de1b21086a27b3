"""Writes tests/reference/mixture_data.csv and mixture_sklearn.json, which the tests of the Gaussian
mixture compare with.

    pip install scikit-learn==1.9.1
    python scripts/reference_mixture.py

The data are three overlapping normals of different shape and some uniform clutter, three features,
rounded to six decimals; `class` is the nearest of three rough centres. From the weights, means and
covariances of these classes scikit-learn makes a fixed number of iterations for each of its four
covariance types.
"""

import json
import pathlib
import platform
import warnings

import numpy
import sklearn
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture

FOLDER = pathlib.Path(__file__).parent.parent / "tests" / "reference"
ITERATIONS = 12
FLOOR = 1e-6
CENTRES = numpy.array([[0.0, 0.0, 0.0], [3.0, 2.5, 0.5], [-1.0, 3.0, 2.0]])
TYPES = {"full": "full", "tied": "tied", "diagonal": "diag", "spherical": "spherical"}


def data():
    rng = numpy.random.default_rng(20)
    roots = [
        [[1.0, 0.0, 0.0], [0.6, 0.5, 0.0], [-0.3, 0.2, 0.7]],
        [[0.5, 0.0, 0.0], [0.1, 1.1, 0.0], [0.4, 0.1, 0.4]],
        [[0.8, 0.0, 0.0], [-0.5, 0.6, 0.0], [0.2, -0.3, 1.2]],
    ]
    parts = [
        centre + rng.standard_normal((count, 3)) @ numpy.array(root).T
        for centre, root, count in zip(CENTRES, roots, (140, 90, 70))
    ]
    parts.append(rng.uniform(-7, 9, (24, 3)))
    rows = numpy.round(numpy.concatenate(parts), 6)
    return rows[rng.permutation(len(rows))]


def classes(rows):
    return ((rows[:, None, :] - CENTRES) ** 2).sum(axis=2).argmin(axis=1)


def start(rows, labels, kind):
    weights, means, covariances = [], [], []
    for label in range(len(CENTRES)):
        members = rows[labels == label]
        weights.append(len(members) / len(rows))
        means.append(members.mean(axis=0))
        covariances.append(numpy.cov(members.T, bias=True) + FLOOR * numpy.eye(3))
    covariances = numpy.array(covariances)
    if kind == "tied":
        within = numpy.einsum("k,kij->ij", weights, covariances)
        covariances = numpy.array([within] * len(weights))
    if kind in ("diag", "spherical"):
        covariances = numpy.array([numpy.diag(numpy.diag(each)) for each in covariances])
    if kind == "spherical":
        covariances = numpy.array([numpy.trace(each) / 3 * numpy.eye(3) for each in covariances])
    return numpy.array(weights), numpy.array(means), covariances


def precisions(covariances, kind):
    inverses = numpy.linalg.inv(covariances)
    return {
        "full": inverses,
        "tied": inverses[0],
        "diag": numpy.diagonal(inverses, axis1=1, axis2=2),
        "spherical": inverses[:, 0, 0],
    }[kind]


def written_out(model, kind):
    fitted, k, p = model.covariances_, len(CENTRES), len(CENTRES[0])
    if kind == "tied":
        return numpy.array([fitted] * k)
    if kind == "diag":
        return numpy.array([numpy.diag(each) for each in fitted])
    if kind == "spherical":
        return numpy.array([each * numpy.eye(p) for each in fitted])
    return fitted


def main():
    rows = data()
    labels = classes(rows)
    lines = ["a,b,c,class"]
    lines += [",".join(f"{value:.6f}" for value in row) + f",{label}" for row, label in zip(rows, labels)]
    (FOLDER / "mixture_data.csv").write_text("\n".join(lines) + "\n")
    fits = {}
    for name, kind in TYPES.items():
        weights, means, covariances = start(rows, labels, kind)
        model = GaussianMixture(
            len(CENTRES),
            covariance_type=kind,
            tol=0.0,
            reg_covar=FLOOR,
            max_iter=ITERATIONS,
            weights_init=weights,
            means_init=means,
            precisions_init=precisions(covariances, kind),
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            model.fit(rows)
        assert model.n_iter_ == ITERATIONS
        fits[name] = {
            "start": {
                "weights": weights.tolist(),
                "means": means.tolist(),
                "covariances": covariances.tolist(),
            },
            "log_likelihood": model.score(rows) * len(rows),
            "bic": model.bic(rows),
            "aic": model.aic(rows),
            "parameters": int(model._n_parameters()),
            "weights": model.weights_.tolist(),
            "means": model.means_.tolist(),
            "covariances": written_out(model, kind).tolist(),
        }
    made_by = f"scikit-learn {sklearn.__version__}, numpy {numpy.__version__}, Python {platform.python_version()}"
    document = {"made_by": made_by, "iterations": ITERATIONS, "floor": FLOOR, "fits": fits}
    (FOLDER / "mixture_sklearn.json").write_text(json.dumps(document, indent=1) + "\n")


if __name__ == "__main__":
    main()
