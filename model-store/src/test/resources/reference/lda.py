"""Writes lda.json: what scikit-learn's LatentDirichletAllocation says of the same documents.

inference: topic proportions and bounds of documents under fixed topics. bars: held-out perplexity after one online pass
over the bars of Griffiths and Steyvers (2004), the documents that Bars.java draws. pythonTopics: the same of a real corpus, word
counts of the paragraphs of pydoc_data.topics of CPython 3.11 (the language reference; licence: PSF-2.0), after one online pass
and after 20 batch passes.

Perplexity is exp(-Σ bound / Σ words) over held-out documents, where the bound of a document is that of Hoffman, Blei and Bach
(2010) without the part of the topics, which no document has.

Run: python3.11 lda.py > lda.json, with scikit-learn 1.9.1, SciPy 1.17.1 and NumPy 2.4.6.
"""
import collections
import json
import math
import platform
import pydoc_data.topics
import re

import numpy as np
import scipy
import sklearn
from scipy.special import gammaln, psi
from sklearn.decomposition import LatentDirichletAllocation
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

MASK = (1 << 64) - 1


class SplittableRandom:
    """java.util.SplittableRandom, of which only nextDouble is needed."""

    def __init__(self, seed):
        self.state = seed

    def next_double(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return ((z ^ (z >> 31)) >> 11) * 2.0**-53


def bars(seed, documents, length, side=5):
    random = SplittableRandom(seed)
    rows = np.zeros((documents, side * side))
    for row in rows:
        theta = [-math.log(1 - random.next_double()) for _ in range(2 * side)]
        total = 0
        for share in theta:
            total += share
        for _ in range(length):
            left = random.next_double() * total
            topic = 0
            while topic < 2 * side - 1 and left >= theta[topic]:
                left -= theta[topic]
                topic += 1
            along = int(random.next_double() * side)
            row[topic * side + along if topic < side else along * side + topic - side] += 1
    return rows


def python_topics(words=1000, most=2000):
    paragraphs = []
    for text in pydoc_data.topics.topics.values():
        for paragraph in re.split(r"\n\s*\n", text):
            found = [w for w in re.findall(r"[a-z]{3,}", paragraph.lower()) if w not in ENGLISH_STOP_WORDS]
            if len(found) >= 15:
                paragraphs.append(found)
    order = np.random.default_rng(1).permutation(len(paragraphs))[:most]
    paragraphs = [paragraphs[i] for i in order]
    frequency = collections.Counter(w for paragraph in paragraphs for w in paragraph)
    vocabulary = sorted(sorted(frequency, key=lambda w: (-frequency[w], w))[:words])
    place = {w: i for i, w in enumerate(vocabulary)}
    rows = np.zeros((len(paragraphs), len(vocabulary)))
    for row, paragraph in zip(rows, paragraphs):
        for w in paragraph:
            if w in place:
                row[place[w]] += 1
    return vocabulary, rows


def bounds(model, rows):
    """Of each document, with its proportions fitted to the end."""
    model.set_params(mean_change_tol=1e-12, max_doc_update_iter=100000)
    lam = model.components_
    log_beta = psi(lam) - psi(lam.sum(axis=1))[:, None]
    gamma = model._e_step(rows, cal_sstats=False, random_init=False)[0]
    found = []
    for row, g in zip(rows, gamma):
        log_theta = psi(g) - psi(g.sum())
        seen = row > 0
        alpha = np.full(len(g), model.doc_topic_prior_)
        bound = (row[seen] * np.logaddexp.reduce(log_theta[:, None] + log_beta[:, seen], axis=0)).sum()
        bound += ((alpha - g) * log_theta + gammaln(g) - gammaln(alpha)).sum() + gammaln(alpha.sum()) - gammaln(g.sum())
        found.append(bound)
    return gamma, np.array(found)


def perplexity(model, rows):
    return math.exp(-bounds(model, rows)[1].sum() / rows.sum())


def model(topics, rows, **settings):
    fitted = LatentDirichletAllocation(topics, random_state=1, **settings)
    return fitted.fit(rows)


def sparse(rows):
    return [[float(x) for w in np.flatnonzero(row) for x in (w, row[w])] for row in rows]


def inference():
    random = np.random.default_rng(1)
    topics, words = 4, 30
    fitted = LatentDirichletAllocation(topics, doc_topic_prior=0.3, topic_word_prior=0.1)
    rows = random.poisson(0.6, (12, words)) * random.integers(1, 4, (12, 1)).astype(float)
    rows[3] = 0
    fitted._init_latent_vars(words)
    fitted.components_ = 0.1 + random.gamma(0.3, 20.0, (topics, words))
    fitted.exp_dirichlet_component_ = np.exp(psi(fitted.components_) - psi(fitted.components_.sum(axis=1))[:, None])
    gamma, bound = bounds(fitted, rows)
    return {
        "alpha": 0.3,
        "eta": 0.1,
        "wordCounts": fitted.components_.tolist(),
        "documents": [r if r else [0.0, 0.0] for r in sparse(rows)],
        "proportions": (gamma / gamma.sum(axis=1, keepdims=True)).tolist(),
        "bounds": bound.tolist(),
    }


def main():
    train, held_out = bars(1, 20000, 100), bars(1001, 1000, 100)
    online = model(10, train, learning_method="online", max_iter=1, batch_size=256)
    vocabulary, rows = python_topics()
    split = len(rows) * 4 // 5
    one_pass = model(20, rows[:split], learning_method="online", max_iter=1, batch_size=128)
    batch = model(20, rows[:split], learning_method="batch", max_iter=100)
    print(json.dumps({
        "tool": "scikit-learn " + sklearn.__version__ + ", SciPy " + scipy.__version__ + ", NumPy " + np.__version__,
        "inference": inference(),
        "bars": {"firstDocument": sparse(train[:1])[0], "perplexity": perplexity(online, held_out)},
        "pythonTopics": {
            "source": "pydoc_data.topics of CPython " + platform.python_version() + ", licence PSF-2.0",
            "topics": 20.0,
            "words": vocabulary,
            "documents": sparse(rows[:split]),
            "heldOut": sparse(rows[split:]),
            "onlinePerplexity": perplexity(one_pass, rows[split:]),
            "batchPerplexity": perplexity(batch, rows[split:]),
        },
    }, separators=(",", ":")))


if __name__ == "__main__":
    main()
