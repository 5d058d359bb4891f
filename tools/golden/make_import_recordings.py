#!/usr/bin/env python3
"""Writes a small HDF5 file as other programs do, and what a reader must find in it.

Each group tries another habit: big-endian integers, half precision, one dataset for each channel, times instead of a
rate, names of labels in a dataset, compression, groups within groups, a transposed table, empty datasets.
Needs h5py and numpy. Writes Tests/ImportersTests/Golden/recordings.h5 and recordings.json.
"""
import json
import pathlib

import h5py
import numpy

ROOT = pathlib.Path(__file__).resolve().parents[2]


def main():
    folder = ROOT / "Tests/ImportersTests/Golden"
    random = numpy.random.default_rng(7)
    path = folder / "recordings.h5"
    with h5py.File(path, "w", track_order=False) as file:
        file.attrs["Sampling_Rate"] = "25"
        file.attrs["participant"] = b"P7"

        plain = file.create_group("a_plain")
        plain.create_dataset("Data", data=random.normal(size=(30, 2)), chunks=(7, 2), compression="gzip", shuffle=True)
        plain["Data"].attrs["columns"] = "left, right"
        plain["Data"].attrs["unit"] = "V"
        plain.create_dataset("activity", data=numpy.arange(30, dtype=">i2") % 3)
        plain.create_dataset("class_names", data=["rest", "work", "sleep"])

        deep = file.create_group("b_deep/inner")
        deep.attrs["subject"] = numpy.float64(12)
        deep.attrs["session"] = "morning"
        deep.attrs["fs"] = numpy.float32(12.5)
        deep.create_dataset("whatever", data=random.normal(size=(10, 3)).astype(numpy.float16))
        deep.create_dataset("counts", data=numpy.zeros((10, 3), dtype=numpy.int32))

        series = file.create_group("c_series")
        for name in ["x", "y", "z"]:
            series.create_dataset(name, data=random.normal(size=20).astype(numpy.float32))
            series[name].attrs["units"] = "g" if name != "z" else "m/s2"
        series.create_dataset("millisec", data=numpy.arange(20, dtype=numpy.int64) * 20 + 500)
        series.create_dataset("label", data=numpy.where(numpy.arange(20) < 5, -1, 3).astype(numpy.int8))

        whole = file.create_group("d_whole")
        whole.attrs["rate"] = 100
        whole.create_dataset("values", data=random.integers(-(2**30), 2**30, (8, 2)))

        file.create_group("e_empty").create_dataset("signals", data=numpy.zeros((0, 3)))
        file.create_group("f_text").create_dataset("notes", data=["nothing", "here"])

        def sums(dataset):
            values = file[dataset][()].astype(numpy.float64)
            return [float(v) for v in values.reshape(len(values), -1).sum(axis=0)]

        golden = {
            "maker": "tools/golden/make_import_recordings.py",
            "h5py": h5py.__version__,
            "sums": {
                "recordings/a_plain": sums("a_plain/Data"),
                "recordings/b_deep/inner": sums("b_deep/inner/whatever"),
                "recordings/c_series": sum((sums(f"c_series/{n}") for n in "xyz"), []),
                "recordings/d_whole": sums("d_whole/values"),
            },
        }
    (folder / "recordings.json").write_text(json.dumps(golden, indent=1) + "\n")
    print("wrote", path)


main()
