#!/usr/bin/env python3
"""Reads an object of a store, or an export, with h5py alone: tools/read_in_python.py FILE.h5"""
import sys
import h5py

with h5py.File(sys.argv[1]) as file:
    print("This is a", file.attrs["format"].decode())
    for recording in file.get("recordings", {}).values():  # a shard, or an exported version
        rate, names = recording.attrs["sampling_rate"], recording["channel"].asstr()[:]
        print(recording.attrs["name"].decode(), recording["x"].shape, f"{rate} Hz,", names[0], "…", names[-1])
        print("  labels:", *recording.get("labels", {}))
    for name in ("x", "label", "split", "id"):  # an exported view
        if name in file:
            print(name, file[name].shape, file[name].dtype, file[name][0].ravel()[:3])
