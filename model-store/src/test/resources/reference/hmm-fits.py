"""Writes hmm-fits.json: maximum-likelihood fits of hidden Markov models by other means than EM, or by other people's EM.

Earthquakes, free start: the best of 40 seeded fits of hmmlearn without priors. Stationary start: the likelihood maximised
directly by SciPy, checked with hmmlearn's forward algorithm. Old Faithful: the best of 20 seeded fits of hmmlearn without
priors, of one sequence and of three.

Run: python hmm-fits.py > hmm-fits.json, with SciPy 1.17.1, NumPy 2.4.6 and hmmlearn 0.3.3.
"""
import json
import logging
import os
import warnings

import hmmlearn
import numpy as np
import scipy
from hmmlearn.hmm import GaussianHMM, PoissonHMM
from scipy import optimize, special, stats

warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)
HERE = os.path.dirname(os.path.abspath(__file__))


def read(name):
    with open(os.path.join(HERE, name)) as file:
        return json.load(file)


def stationary(a):
    k = len(a)
    return np.linalg.solve((np.eye(k) - a + 1).T, np.ones(k))


def unpack(x, k):
    logits = np.zeros((k, k))
    logits[~np.eye(k, dtype=bool)] = x[: k * (k - 1)]
    a = special.softmax(logits, axis=1)
    rates = np.exp(x[k * (k - 1) : k * k])
    return stationary(a), a, rates


def log_likelihood(data, initial, a, rates):
    log_f = stats.poisson.logpmf(data[:, None], rates)
    total, alpha = 0.0, initial
    for t in range(len(data)):
        shift = log_f[t].max()
        alpha = (alpha if t == 0 else alpha @ a) * np.exp(log_f[t] - shift)
        total += shift + np.log(alpha.sum())
        alpha = alpha / alpha.sum()
    return total


def loss(x, data, k):
    value = log_likelihood(data, *unpack(x, k))
    return -value if np.isfinite(value) else 1e10


def result(k, start, initial, a, rates, value):
    order = np.argsort(rates)
    return dict(K=k, start=start, loglik=value, initial=np.asarray(initial)[order].tolist(),
                transition=a[np.ix_(order, order)].tolist(), rates=rates[order].tolist())


def hmmlearn_poisson(data, k):
    best = None
    for seed in range(40):
        model = PoissonHMM(k, n_iter=20000, tol=1e-12, random_state=seed)
        model.lambdas_prior, model.lambdas_weight = 0, 0
        model.fit(data[:, None].astype(int))
        value = model.score(data[:, None].astype(int))
        if best is None or value > best[0]:
            best = value, model
    value, model = best
    return result(k, "free", model.startprob_, model.transmat_, model.lambdas_[:, 0], value)


def stationary_poisson(data, k, near):
    """From the fit with a free start, and from random points near to it."""
    best = None
    a, rates = np.maximum(near["transition"], 1e-3), np.array(near["rates"])
    logits = np.log(a) - np.log(np.diag(a))[:, None]
    at = np.concatenate([logits[~np.eye(k, dtype=bool)], np.log(rates)])
    for seed in range(4):
        x = at + (seed > 0) * np.random.default_rng(seed).normal(0, 0.3, len(at))
        found = optimize.minimize(loss, x, (data, k), method="BFGS", options={"gtol": 1e-4})
        if best is None or found.fun < best.fun:
            best = found
    polished = optimize.minimize(
        loss, best.x, (data, k), method="Nelder-Mead",
        options={"xatol": 1e-8, "fatol": 1e-11, "maxiter": 20000, "maxfev": 20000})
    best = min(best, polished, key=lambda found: found.fun)
    initial, a, rates = unpack(best.x, k)
    check = PoissonHMM(k)
    check.startprob_, check.transmat_, check.lambdas_ = initial, a, rates[:, None]
    assert abs(check.score(data[:, None].astype(int)) + best.fun) < 1e-9
    return result(k, "stationary", initial, a, rates, -best.fun)


def gaussian(data, k, lengths):
    best = None
    for seed in range(20):
        model = GaussianHMM(k, covariance_type="full", n_iter=3000, tol=1e-11, random_state=seed, min_covar=0,
                            covars_prior=0, covars_weight=0, startprob_prior=1, transmat_prior=1, means_prior=0)
        model.fit(data, lengths)
        value = model.score(data, lengths)
        if best is None or value > best[0]:
            best = value, model
    value, model = best
    order = np.argsort(model.means_[:, 0])
    return dict(K=k, lengths=lengths, loglik=value, initial=model.startprob_[order].tolist(),
                transition=model.transmat_[np.ix_(order, order)].tolist(), means=model.means_[order].tolist(),
                covariances=model.covars_[order].tolist())


quakes = np.array(read("hmm-poisson-earthquakes.json")["data"])
faithful = np.array(read("gmm-faithful.json")["data"])
free = [hmmlearn_poisson(quakes, k) for k in (2, 3)]
print(json.dumps({
    "source": f"SciPy {scipy.__version__} and hmmlearn {hmmlearn.__version__}, by hmm-fits.py",
    "earthquakes": free + [stationary_poisson(quakes, fit["K"], fit) for fit in free],
    "faithful": [gaussian(faithful, k, lengths) for k in (2, 3) for lengths in ([272], [100, 70, 102])],
}))
