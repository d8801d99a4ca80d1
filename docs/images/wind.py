"""Draws wind.png from what the commands of the README print. Needs matplotlib and SciPy; drawn with matplotlib 3 and SciPy 1.

  ./online-em fit -c examples/wind.yaml examples/irish-wind.csv > fit.json
  ./online-em score -c examples/wind.yaml examples/irish-wind.csv > posteriors.jsonl
  python3 docs/images/wind.py examples/irish-wind.csv fit.json posteriors.jsonl docs/images/wind.png
"""
import csv
import datetime
import json
import sys

import matplotlib
import numpy as np
from scipy.special import logsumexp
from scipy.stats import multivariate_normal

matplotlib.use("Agg")
import matplotlib.pyplot as plt

days_file, fit_file, posteriors_file, image = sys.argv[1:]
rows = list(csv.reader(open(days_file)))[1:]
days = [datetime.date.fromisoformat(row[0]) for row in rows]
wind = np.array([[float(x) for x in row[1:]] for row in rows])
batch = json.load(open(fit_file))["parameters"]
batch = logsumexp(
    [np.log(w) + multivariate_normal(m, c).logpdf(wind)
     for w, m, c in zip(batch["weights"], batch["means"], batch["covariances"])], axis=0)
scored = [json.loads(line) for line in open(posteriors_file)]
first = next(i for i, record in enumerate(scored) if record["status"] == "scored")
online = np.array([record["logLikelihood"] for record in scored[first:]])
posterior = np.array([record["posterior"] for record in scored[first:]])


def rolling(values, width):
    kernel = np.ones(width) / width
    return np.apply_along_axis(lambda column: np.convolve(column, kernel, "valid"), 0, values)


def middle(width):
    return days[first + width // 2:][:len(online) - width + 1]


plt.rcParams.update({"font.family": "DejaVu Sans", "font.size": 10, "axes.spines.top": False, "axes.spines.right": False})
figure, (top, bottom) = plt.subplots(2, 1, figsize=(10, 5.6), sharex=True, height_ratios=[1.2, 1])
top.plot(middle(365), rolling(batch[first:], 365), color="#999999", lw=1.6)
top.plot(middle(365), rolling(online, 365), color="#1f5fa8", lw=1.8)
end = middle(365)[-1]
top.annotate("online, one pass:\neach day before\nit is learned from", (end, rolling(online, 365)[-1]), xytext=(8, 4),
             textcoords="offset points", color="#1f5fa8", va="center", fontsize=9)
top.annotate("batch fit to\nall days", (end, rolling(batch[first:], 365)[-1]), xytext=(8, -14),
             textcoords="offset points", color="#777777", va="center", fontsize=9)
top.set_ylabel("mean log-likelihood\nof a day, over a year")
top.set_title("Wind at 12 Irish stations, learned online from Kafka", loc="left", fontweight="bold")

order = np.argsort([wind[first:][posterior.argmax(1) == k].mean() for k in range(posterior.shape[1])])
shares = rolling(posterior[:, order], 90)
bottom.stackplot(middle(90), shares.T, colors=["#cfe0f1", "#7faad3", "#1f5fa8"][:len(order)], lw=0)
bottom.set_ylim(0, 1)
bottom.set_xlim(days[first], days[-1])
bottom.set_ylabel("kinds of days,\nover three months")
for name, color, y in zip(["calm", "breezy", "windy"], ["#8fb0d0", "#5f90c0", "#1f5fa8"], [0.12, 0.45, 0.85]):
    bottom.annotate(name, (1.01, y), xycoords="axes fraction", color=color, fontsize=9, va="center")
figure.tight_layout()
figure.savefig(image, dpi=130)
