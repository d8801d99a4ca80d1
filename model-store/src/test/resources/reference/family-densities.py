"""Writes family-densities.json: log-densities by the textbook formulae with 50 digits (mpmath), checked against SciPy's own.

Run: python family-densities.py > family-densities.json, with SciPy 1.17.1 and mpmath 1.4.1.
"""
import json

import mpmath
import numpy as np
import scipy
from mpmath import mp
from scipy import stats

mp.dps = 50
PLAIN = 1e-12  # relative, of numbers above 1
CANCELLING = 2e-15  # of the largest term, where terms of opposite signs cancel


def poisson(x, theta, size):
    mean = mp.mpf(theta["rates"]) * mp.mpf(size)
    terms = [x * mp.log(mean), -mean, -mp.loggamma(mp.mpf(x) + 1)]
    return terms, stats.poisson.logpmf(x, float(mean))


def exponential(x, theta, size):
    rate = mp.mpf(theta["rates"])
    return [mp.log(rate), -rate * mp.mpf(x)], stats.expon.logpdf(x, scale=1 / theta["rates"])


def gamma(x, theta, size):
    a, s = mp.mpf(theta["shapes"]), mp.mpf(theta["scales"])
    x_ = mp.mpf(x)
    terms = [(a - 1) * mp.log(x_), -x_ / s, -a * mp.log(s), -mp.loggamma(a)]
    return terms, stats.gamma.logpdf(x, theta["shapes"], scale=theta["scales"])


def bernoulli(x, theta, size):
    p = mp.mpf(theta["probabilities"])
    return [mp.log(p if x else 1 - p)], stats.bernoulli.logpmf(x, theta["probabilities"])


def binomial(x, theta, size):
    p, m, x_ = mp.mpf(theta["probabilities"]), mp.mpf(size), mp.mpf(x)
    terms = [mp.loggamma(m + 1) - mp.loggamma(x_ + 1) - mp.loggamma(m - x_ + 1), x_ * mp.log(p), (m - x_) * mp.log(1 - p)]
    return terms, stats.binom.logpmf(x, size, theta["probabilities"])


def von_mises(period):
    def density(x, theta, size):
        kappa, angle = mp.mpf(theta["concentrations"]), 2 * mp.pi * (mp.mpf(x) - mp.mpf(theta["means"])) / mp.mpf(period)
        log_i0 = mp.log(mp.besseli(0, kappa)) if kappa < 1e4 else mp.log(mp.hyp2f0(0.5, 0.5, 1 / (2 * kappa))) + kappa - mp.log(2 * mp.pi * kappa) / 2
        scipy = stats.vonmises.logpdf(float(angle % (2 * mp.pi)), float(kappa)) if kappa > 0 else -np.log(2 * np.pi)
        return [kappa * mp.cos(angle), -log_i0, -mp.log(period)], scipy + np.log(2 * np.pi / period)
    return density


def fieldwise(name, family, density, records, parameters, options=None, size_column=None, fixed_size=1, cancels=False):
    """Densities of records of independent fields, for parameters that are K × d."""
    records = [r if isinstance(r, list) else [r] for r in records]
    fields = [j for j in range(len(records[0])) if j != size_column]
    components = len(next(iter(parameters.values())))
    result, tolerances = [], []
    for k in range(components):
        row, allowed = [], []
        for record in records:
            total, largest, scipy = mp.mpf(0), mp.mpf(1), 0.0
            for position, j in enumerate(fields):
                theta = {n: v[k][position] if isinstance(v[k], list) else v[k] for n, v in parameters.items()}
                size = record[size_column] if size_column is not None else fixed_size
                terms, of_scipy = density(record[j], theta, size)
                total += sum(terms)
                largest = max(largest, max(abs(t) for t in terms))
                scipy += of_scipy
            assert abs(total - scipy) < 1e-10 * max(1, abs(total)) + 1e-14 * largest, (name, record, total, scipy)
            row.append(float(total))
            allowed.append(float(max(PLAIN * max(1, abs(total)), CANCELLING * largest)))
        result.append(row)
        tolerances.append(allowed)
    return {"name": name, "family": family, "options": options or {}, "features": [f"f{j}" for j in range(len(records[0]))],
            "parameters": parameters, "records": records, "logDensities": result, "tolerances": tolerances}


def multinomial(records, probabilities):
    result = []
    for p in probabilities:
        row = []
        for x in records:
            exact = mp.loggamma(sum(x) + 1) + sum(c * mp.log(mp.mpf(q)) - mp.loggamma(c + 1) for c, q in zip(x, p))
            assert abs(exact - stats.multinomial.logpmf(x, sum(x), p)) < 1e-8 * max(1, abs(exact)), (x, p)
            row.append(float(exact))
        result.append(row)
    tolerances = [[max(PLAIN * max(1, abs(v)), CANCELLING * float(mp.loggamma(sum(x) + 1)))
                   for v, x in zip(row, records)] for row in result]
    return {"name": "multinomial", "family": "multinomial", "options": {}, "features": ["a", "b", "c"],
            "parameters": {"probabilities": probabilities}, "records": records, "logDensities": result, "tolerances": tolerances}


cases = [
    fieldwise("poisson", "poisson", poisson, [0, 1, 2, 7, 170, 171, 1023, 1024, 100_000, 1_000_000_000],
              {"rates": [1e-8, 0.3, 2.0, 150.5, 99_000.0, 1e9]}),
    fieldwise("poisson, two fields", "poisson", poisson, [[0, 0], [3, 1], [0, 12]], {"rates": [[0.5, 2.0], [4.0, 0.1]]}),
    fieldwise("poisson with exposure", "poisson", poisson, [[0, 2.5], [3, 0.001], [40, 7.0], [2, 1e6]],
              {"rates": [1e-6, 0.3, 6.0]}, {"exposure": "f1"}, size_column=1),
    fieldwise("exponential", "exponential", exponential, [0.0, 1e-300, 1e-6, 0.7, 3.0, 1e6], {"rates": [1e-12, 0.3, 5.0, 1e9]}),
    fieldwise("gamma", "gamma", gamma, [1e-300, 1e-9, 0.01, 0.7, 1.0, 3.0, 250.0, 1e7],
              {"shapes": [0.01, 0.7, 1.0, 2.5, 40.0, 1e4], "scales": [3.0, 1e-3, 1.0, 0.4, 1e5, 1e-4]}),
    fieldwise("gamma, narrow", "gamma", gamma, [999.9, 1000.0, 1000.05], {"shapes": [1e6, 1e8], "scales": [1e-3, 1e-5]}),
    fieldwise("bernoulli", "bernoulli", bernoulli, [[0, 0], [1, 0], [0, 1], [1, 1]],
              {"probabilities": [[0.5, 0.1], [1e-10, 0.999999]]}),
    fieldwise("binomial of 12 trials", "binomial", binomial, [0, 1, 7, 12], {"probabilities": [0.5, 1e-9, 0.97]},
              {"trials": "12"}, fixed_size=12),
    fieldwise("binomial", "binomial", binomial, [[0, 0], [0, 1], [1, 1], [3, 1030], [1000, 1030], [500_000, 1_000_000]],
              {"probabilities": [0.5, 1e-6, 0.97]}, {"trials": "f1"}, size_column=1),
    fieldwise("von-mises", "von-mises", von_mises(2 * np.pi), [0.0, 0.1, 3.0, 6.28, -1.0, 100.0],
              {"means": [0.0, 6.2, 3.0, 1.0, 0.1], "concentrations": [0.0, 1e-6, 0.5, 29.0, 700.0]}),
    fieldwise("von-mises of hours", "von-mises", von_mises(24.0), [0.0, 23.75, 12.0, 6.5, -0.25, 47.9],
              {"means": [23.9, 6.0, 12.0], "concentrations": [4.0, 31.0, 1000.0]}, {"period": "24"}),
    fieldwise("von-mises, narrow", "von-mises", von_mises(360.0), [0.0, 0.01, 359.99], {"means": [0.0], "concentrations": [1e8]},
              {"period": "360.0"}),
    multinomial([[0, 0, 0], [1, 0, 0], [3, 4, 5], [0, 200, 1], [0, 7000, 900]], [[0.2, 0.3, 0.5], [1e-6, 0.9, 0.099999]]),
]

bessel = []
for x in [0.0, 1e-9, 1e-3, 0.5, 1.0, 3.75, 12.0, 19.99, 21.99, 22.0, 30.1, 50.0, 700.0, 1e4, 1e6, 1e8]:
    kappa = mp.mpf(x)
    if x < 1e5:
        i0, i1 = mp.besseli(0, kappa), mp.besseli(1, kappa)
    else:  # asymptotic series, without the common factor e^x / sqrt(2 pi x)
        i0 = mp.hyp2f0(0.5, 0.5, 1 / (2 * kappa))
        i1 = mp.hyp2f0(-0.5, 1.5, 1 / (2 * kappa))
    log_i0 = mp.log(i0) + (0 if x < 1e5 else kappa - mp.log(2 * mp.pi * kappa) / 2)
    bessel.append([x, float(log_i0), float(1 - i1 / i0)])

print(json.dumps({"source": f"mpmath {mpmath.__version__} with 50 digits, checked against SciPy {scipy.__version__}; see family-densities.py",
                  "cases": cases, "bessel": bessel}, separators=(",", ":")))
