#!/usr/bin/env python3
"""Writes what h5py finds in the HAPT recordings: rows, sums of channels, counts of labels.

Usage: make_import_hapt.py FOLDER. Needs h5py and numpy and the folder with user01.h5 to user20.h5, which is not part
of the project. Writes Tests/ImportersTests/Golden/hapt.json (numbers derived from the recordings, no recordings).
"""
import json
import pathlib
import sys

import h5py
import numpy

ROOT = pathlib.Path(__file__).resolve().parents[2]


def main():
    recordings = []
    for path in sorted(pathlib.Path(sys.argv[1]).glob("user*.h5")):
        with h5py.File(path) as file:
            for name in sorted(file):
                signals = file[name]["signals"][()]
                label = file[name]["label"][()]
                codes, counts = numpy.unique(label, return_counts=True)
                recordings.append({
                    "name": f"{path.stem}/{name}",
                    "subject": str(file.attrs["subject"]),
                    "rows": len(signals),
                    "sums": [float(v) for v in signals.astype(numpy.float64).sum(axis=0)],
                    "labels": {str(code): int(count) for code, count in zip(codes, counts)},
                })
    golden = {"maker": "tools/golden/make_import_hapt.py", "h5py": h5py.__version__, "recordings": recordings}
    path = ROOT / "Tests/ImportersTests/Golden/hapt.json"
    path.write_text(json.dumps(golden, indent=1) + "\n")
    print("wrote", path, len(recordings), sum(r["rows"] for r in recordings))


main()
