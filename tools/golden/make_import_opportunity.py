#!/usr/bin/env python3
"""Writes a small log in the OPPORTUNITY format and what a reader must find in it.

The log is made up (random numbers, no measurement) and uses every liberty of the format: tabs and blanks, CR LF
and LF, blank lines, a byte order mark, NaN in several spellings, decimals, exponents, no end of the last line.
Sums are those of the single-precision values, added in double precision.

Needs numpy. Writes data/opportunity/sample/ and Tests/ImportersTests/Golden/opportunity-sample.json.
"""
import hashlib
import json
import pathlib

import numpy

ROOT = pathlib.Path(__file__).resolve().parents[2]
ROWS = 40
LEGEND = [[0, 1, 2, 4, 5], [0, 101, 105], [0, 201, 213], [0, 301, 323], [0, 401, 413], [0, 501, 523],
          [0, 406516, 405506]]


def field(random, value):
    kind = random.integers(0, 12)
    if kind == 0:
        return random.choice(["NaN", "nan", "NAN", "nAn"])
    if kind == 1:
        return f"{value / 1000:.3f}"
    if kind == 2:
        return f"{value / 7:.12f}"
    if kind == 3:
        return f"{value:.4e}"
    if kind == 4:
        return f"+{abs(value)}"
    if kind == 5:
        return "-0"
    return str(value)


def main():
    random = numpy.random.default_rng(20260101)
    lines = []
    labels = numpy.zeros((ROWS, 7), dtype=numpy.int64)
    for row in range(ROWS):
        clock = round(row * 1000 / 30)
        fields = [field(random, int(v)) for v in random.integers(-3000, 3000, 242)]
        labels[row] = [random.choice(codes) for codes in LEGEND]
        texts = [str(clock)] + fields + [str(code) for code in labels[row]]
        gaps = random.choice([" ", "  ", "\t", " \t "], 249)
        line = texts[0] + "".join(gap + text for gap, text in zip(gaps, texts[1:]))
        lines.append((" " if row % 7 == 3 else "") + line + (" " if row % 5 == 2 else ""))
    text = "\ufeff"
    for row, line in enumerate(lines):
        end = "" if row == ROWS - 1 else "\r\n" if row % 2 else "\n"
        text += line + end + ("\n" if row % 9 == 4 else "")
    content = text.encode("utf-8")

    folder = ROOT / "data/opportunity/sample"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "S9-ADL1.dat").write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    (folder / "SIMULATED.txt").write_text(
        "# Made up by tools/golden/make_import_opportunity.py; no measurement.\n" f"{digest}  S9-ADL1.dat\n")

    table = numpy.array([[float(t) for t in line.split()] for line in lines])
    single = table[:, 1:243].astype(numpy.float32)
    wide = single.astype(numpy.float64)
    golden = {
        "maker": "tools/golden/make_import_opportunity.py",
        "numpy": numpy.__version__,
        "sha256": digest,
        "bytes": len(content),
        "rows": ROWS,
        "sums": [float(v) for v in numpy.nansum(wide, axis=0)],
        "missing": [int(v) for v in numpy.isnan(wide).sum(axis=0)],
        "labels": labels.T.tolist(),
    }
    path = ROOT / "Tests/ImportersTests/Golden/opportunity-sample.json"
    path.write_text(json.dumps(golden, indent=1) + "\n")
    print("wrote", folder, path)


main()
