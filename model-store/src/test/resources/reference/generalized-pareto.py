"""Generalised Pareto tails and maximum likelihood fits by SciPy: python3 generalized-pareto.py > generalized-pareto.json"""

import json

import numpy
import scipy
from scipy.stats import genpareto

points = []
for shape in (-0.6, -0.1, 0.0, 0.2, 0.9):
    for scale in (0.05, 1.0, 30.0):
        for y in (0.01, 0.5, 1.4, 6.0, 40.0):
            points.append(
                {"shape": shape, "scale": scale, "y": y * scale, "survival": genpareto.sf(y * scale, shape, scale=scale)}
            )

fits = []
random = numpy.random.default_rng(20)
for shape in (-0.3, 0.0, 0.3, 0.8):
    excesses = numpy.sort(genpareto.rvs(shape, scale=2.0, size=400, random_state=random))
    fitted, _, scale = genpareto.fit(excesses, floc=0)
    fits.append({"shape": fitted, "scale": scale, "excesses": [float(f"{y:.9g}") for y in excesses]})

print(json.dumps({"tool": f"scipy {scipy.__version__}", "points": points, "fits": fits}))
