#!/usr/bin/env python3
"""Prints as JSON what h5py finds in HDF5 files, to be compared with what we find.

Usage: make_hdf5_listing.py FILE... Needs h5py. For numbers: a CRC-32 of the values, little-endian and
row-major, so that equality is equality of bits. Objects that h5py cannot read as numbers or strings,
and links out of the file, are left out.
"""

import json
import sys
import zlib

import h5py
import numpy as np


def described(array, dtype):
    """The values as numbers or strings; None for other types."""
    text = h5py.check_string_dtype(dtype)
    if text is not None or dtype.kind == "S":
        flat = np.asarray(array, dtype=object).ravel()
        texts = [v.decode() if isinstance(v, bytes) else str(v) for v in flat]
        return {"type": "string", "strings": texts}
    if dtype.kind not in "iufb" or dtype.itemsize > 8:
        return None
    if dtype.kind == "f" and dtype.itemsize == 2:
        dtype = np.dtype("f4")
    if dtype.kind == "b":
        dtype = np.dtype("i1")
    little = np.ascontiguousarray(array).astype(dtype.newbyteorder("<"))
    with np.errstate(all="ignore"):
        total = float(np.sum(little, dtype="f8"))
    return {"type": f"{dtype.kind}{dtype.itemsize}", "crc32": zlib.crc32(little.tobytes()),
            "sum": total if np.isfinite(total) else None}


def attributes(item):
    found = {}
    for name in item.attrs:
        identifier = h5py.h5a.open(item.id, name.encode())
        if identifier.get_space().get_simple_extent_type() == h5py.h5s.NULL:
            continue
        value = described(item.attrs[name], identifier.dtype)
        if value is not None:
            found[name] = {"shape": list(identifier.shape), **value}
    return found


def listing(path):
    objects = {}

    def visit(name, item):
        entry = {"attributes": attributes(item)}
        if isinstance(item, h5py.Group):
            entry["kind"] = "group"
        elif isinstance(item, h5py.Dataset):
            entry["kind"] = "dataset"
            if item.shape is not None:
                entry["shape"] = list(item.shape)
                value = described(item[()], item.dtype)
                entry.update(value or {})
                if item.dtype.names:
                    table = item[()]
                    members = {n: described(table[n], item.dtype[n].base) for n in item.dtype.names}
                    entry["members"] = {n: m for n, m in members.items() if m is not None}
        else:
            entry["kind"] = "namedType"
        objects["/" + name] = entry

    with h5py.File(path, "r") as file:
        visit("", file)
        file.visititems(visit)
    return objects


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    json.dump({path: listing(path) for path in sys.argv[1:]}, sys.stdout, indent=1, sort_keys=True)
