#!/usr/bin/env python3
"""Writes Tests/ExperimentsTests/Golden/scores.json: confusion matrices and scores of classifications.

Computed in NumPy from the definitions, one example at a time, and nothing of the project's: precision,
recall and F1 of each class from lists of hits; macro-F1 over the classes that occur as truth or as
prediction and weighted F1 by the number of true examples, as scikit-learn's `f1_score` defines them
with `average="macro"`, `average="weighted"` and `zero_division=0`.
"""
import json
import pathlib

import numpy as np

random = np.random.Generator(np.random.PCG64(20240923))


def scores(class_count, truth, prediction):
    pairs = list(zip(truth, prediction))
    counts = [[sum(1 for t, p in pairs if (t, p) == (row, column)) for column in range(class_count)]
              for row in range(class_count)]
    classes = []
    for k in range(class_count):
        hits = sum(1 for t, p in pairs if t == k and p == k)
        false_alarms = sum(1 for t, p in pairs if t != k and p == k)
        misses = sum(1 for t, p in pairs if t == k and p != k)
        precision = hits / (hits + false_alarms) if hits + false_alarms else 0.0
        recall = hits / (hits + misses) if hits + misses else 0.0
        f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
        classes.append({"precision": precision, "recall": recall, "f1": f1, "support": hits + misses})
    occurring = sorted(set(truth) | set(prediction))
    total = len(pairs)
    return {
        "classCount": class_count, "truth": truth, "prediction": prediction, "counts": counts,
        "classes": classes,
        "accuracy": sum(1 for t, p in pairs if t == p) / total if total else 0.0,
        "macroF1": float(np.mean([classes[k]["f1"] for k in occurring])) if occurring else 0.0,
        "weightedF1": sum(c["f1"] * c["support"] for c in classes) / total if total else 0.0,
        "majorityShare": max(c["support"] for c in classes) / total if total else 0.0,
    }


def drawn(class_count, count, skill, present):
    """Labels among `present`; a prediction is right with probability `skill`, else drawn by lot."""
    truth = random.choice(present, count).tolist()
    lots = random.integers(0, class_count, count).tolist()
    right = random.random(count) < skill
    return truth, [t if r else lot for t, lot, r in zip(truth, lots, right)]


cases = [
    {"name": "no examples", **scores(3, [], [])},
    {"name": "one example, right", **scores(2, [1], [1])},
    {"name": "one example, wrong", **scores(2, [1], [0])},
    {"name": "all right", **scores(3, [0, 1, 2, 2], [0, 1, 2, 2])},
    {"name": "all wrong", **scores(3, [0, 1, 2], [1, 2, 0])},
    {"name": "always the same answer", **scores(3, [0, 0, 0, 1, 2], [0, 0, 0, 0, 0])},
    {"name": "a class that is never true", **scores(3, [0, 0, 1], [0, 2, 1])},
    {"name": "a class that is neither true nor predicted", **scores(4, [0, 1, 1, 3], [0, 1, 3, 3])},
]
for class_count, count, skill, present in [
        (2, 50, 0.7, [0, 1]), (6, 300, 0.9, [0, 1, 2, 3, 4, 5]), (6, 40, 0.2, [0, 1, 2, 3, 4, 5]),
        (5, 120, 0.6, [0, 0, 0, 0, 1, 2, 4]), (22, 200, 0.5, list(range(22)))]:
    truth, prediction = drawn(class_count, count, skill, present)
    cases.append({"name": f"{count} examples of {class_count} classes",
                  **scores(class_count, truth, prediction)})

target = pathlib.Path(__file__).resolve().parents[2] / "Tests/ExperimentsTests/Golden/scores.json"
target.write_text(json.dumps(
    {"maker": "tools/golden/make_scores.py", "numpy": np.__version__, "cases": cases}) + "\n")
