#!/usr/bin/env python3
"""Writes HDF5 files as h5py and others write them, for Tests/HDF5Tests to read.

Usage: make_hdf5_foreign.py FOLDER. Needs h5py. What the files hold is told by make_hdf5_listing.py.
"""

import os
import sys

import h5py
import numpy as np

NUMBERS = ("i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f4", "f8")


def values(dtype, shape, seed):
    """All bit patterns occur, not-a-number and infinity among the floats too."""
    count = int(np.prod(shape))
    raw = np.random.default_rng(seed).bytes(count * np.dtype(dtype).itemsize)
    return np.frombuffer(raw, dtype=dtype).reshape(shape)


def numbers(file):
    for index, name in enumerate(NUMBERS):
        for order, word in (("<", "little"), (">", "big")):
            dtype = np.dtype(name).newbyteorder(order)
            group = file.require_group(f"{word}/{name}")
            group["scalar"] = values(dtype, (), index)[()]
            group["contiguous"] = values(dtype, (5, 3), 100 + index)
            group.create_dataset("packed", data=values(dtype, (70, 3), 200 + index), chunks=(16, 2),
                                 shuffle=True, compression="gzip", fletcher32=True)
            group.create_dataset("growing", data=values(dtype, (9,), 300 + index), maxshape=(None,),
                                 chunks=(4,))
            group.create_dataset("none", data=values(dtype, (0, 3), 0))
            group.attrs["one"] = values(dtype, (), 400 + index)[()]
            group.attrs["some"] = values(dtype, (2, 2), 500 + index)
    file.create_dataset("half", data=np.array([1.5, -0.0, np.inf, 6e-8], dtype="f2"))
    file.create_dataset("compact", data=np.arange(6, dtype="i2"))
    file.create_dataset("filled", shape=(10,), dtype="f4", chunks=(5,), fillvalue=7.5)


def strings(file):
    file["fixed"] = np.array([b"a", b"", b"longest", "\u00b5m".encode()], dtype="S8")
    file.create_dataset("variable", data=["a", "", "\u00b5m", "x" * 1000], dtype=h5py.string_dtype())
    file["scalar"] = "one"
    null_terminated = h5py.h5t.C_S1.copy()
    null_terminated.set_size(6)
    for name, padding in (("zero", h5py.h5t.STR_NULLTERM), ("spaces", h5py.h5t.STR_SPACEPAD)):
        kind = null_terminated.copy()
        kind.set_strpad(padding)
        space = h5py.h5s.create_simple((2,))
        dataset = h5py.h5d.create(file.id, name.encode(), kind, space)
        dataset.write(h5py.h5s.ALL, h5py.h5s.ALL, np.array([b"ab    ", b"abc\0ef"], dtype="S6"),
                      mtype=kind)
    file.attrs["variable"] = "text \u00b5"
    file.attrs["variables"] = ["a", "bc", ""]
    file.attrs["fixed"] = np.bytes_(b"fixed")
    file.attrs["fixeds"] = np.array([b"a", b"bc"], dtype="S2")
    file.attrs["nothing"] = h5py.Empty("f4")


def others(file):
    table = np.zeros(4, dtype=[("time", ">f8"), ("label", "S6"), ("count", "<i4"), ("vector", "f4", (3,)),
                               ("text", h5py.string_dtype())])
    table["time"] = [0.5, 1.5, 2.5, np.nan]
    table["label"] = [b"blip", b"", b"chirp", b"scratch"[:6]]
    table["count"] = [-1, 2, 3, 1 << 30]
    table["vector"] = np.arange(12).reshape(4, 3)
    table["text"] = ["one", "two", "", "four"]
    file["table"] = table
    color = h5py.enum_dtype({"red": 1, "green": 2, "blue": -3}, basetype="i2")
    file.create_dataset("enumeration", data=np.array([1, 2, -3, 2]), dtype=color)
    file["truth"] = np.array([True, False, True])
    file["complex"] = np.array([1 + 2j])
    file["arrays"] = np.arange(12, dtype="i2").reshape(2, 2, 3).view([("a", "i2", (3,))])["a"]
    array_type = h5py.h5t.array_create(h5py.h5t.STD_I16BE, (2, 3))
    dataset = h5py.h5d.create(file.id, b"array", array_type, h5py.h5s.create_simple((2,)))
    dataset.write(h5py.h5s.ALL, h5py.h5s.ALL, np.arange(12, dtype=">i2"), mtype=array_type)
    sequences = file.create_dataset("sequences", shape=(2,), dtype=h5py.vlen_dtype("i4"))
    sequences[0] = [1, 2, 3]
    file.create_dataset("references", data=[file["table"].ref], dtype=h5py.ref_dtype)
    file["opaque"] = np.array([b"ab", b"cd"], dtype="V2")
    h5py.h5d.create(file.id, b"bits", h5py.h5t.STD_B16LE, h5py.h5s.create_simple((2,)))
    file["named"] = np.dtype("f4")


def main(folder):
    os.makedirs(folder, exist_ok=True)
    for version in ("earliest", "latest"):
        for make in (numbers, strings, others):
            path = os.path.join(folder, f"{make.__name__}_{version}.h5")
            with h5py.File(path, "w", libver=version if version == "earliest" else ("v108", "v110")) as file:
                make(file)
            print(os.path.basename(path), os.stat(path).st_size)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
