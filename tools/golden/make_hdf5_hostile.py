#!/usr/bin/env python3
"""Writes small broken or malicious HDF5 files into a folder, for Tests/HDF5Tests.

Usage: make_hdf5_hostile.py FOLDER. Needs h5py; user_link.h5 also needs the system's libhdf5. Prints
one line for each file: its name and its size.
"""

import ctypes
import ctypes.util
import os
import subprocess
import sys
import zlib

import h5py
import numpy as np


def zeros_packed(size, times=1):
    """`size` zero bytes as a deflate stream, packed `times` times, without ever holding them."""
    packer, packed = zlib.compressobj(9), []
    block = bytes(1 << 20)
    for _ in range(size >> 20):
        packed.append(packer.compress(block))
    packed.append(packer.compress(bytes(size & ((1 << 20) - 1))))
    packed.append(packer.flush())
    result = b"".join(packed)
    for _ in range(times - 1):
        result = zlib.compress(result, 9)
    return result


def one_chunk(path, chunk_size, stored, deflates, count=None):
    """A dataset of bytes with one stored chunk that was packed elsewhere."""
    with h5py.File(path, "w") as file:
        plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        plist.set_chunk((chunk_size,))
        for _ in range(deflates):
            plist.set_filter(h5py.h5z.FILTER_DEFLATE, h5py.h5z.FLAG_OPTIONAL, (9,))
        space = h5py.h5s.create_simple((count or chunk_size,))
        dataset = h5py.h5d.create(file.id, b"x", h5py.h5t.STD_U8LE, space, plist)
        dataset.write_direct_chunk((0,), stored)


def external_storage(folder):
    # A pipe: whoever opens it for reading waits for ever, so a test that ends shows that nobody did.
    os.mkfifo(os.path.join(folder, "pipe"))
    with h5py.File(os.path.join(folder, "external_storage.h5"), "w") as file:
        file.create_dataset("inside", data=np.arange(3, dtype="i4"))
        file.create_dataset("x", shape=(8,), dtype="u1",
                            external=[(os.path.join(folder, "pipe"), 0, 8)])


def external_link(folder):
    with h5py.File(os.path.join(folder, "secret.h5"), "w") as file:
        file["y"] = np.arange(5)
    with h5py.File(os.path.join(folder, "external_link.h5"), "w") as file:
        file["inside"] = np.arange(3, dtype="i4")
        file["group/away"] = h5py.ExternalLink("secret.h5", "/y")
        file["soft"] = h5py.SoftLink("/group/away")
        file["whole"] = h5py.ExternalLink(os.path.join(folder, "secret.h5"), "/")


def user_link(folder):
    """A link of class 70, made with the system's libhdf5, because h5py has no call for it."""
    name = ctypes.util.find_library("hdf5_serial")
    if name is None:
        return
    program = r'''
import ctypes, sys
library = ctypes.CDLL(sys.argv[1])
for call in ("H5Fcreate", "H5Gcreate2"):
    getattr(library, call).restype = ctypes.c_int64
follow = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_char_p, ctypes.c_int64, ctypes.c_void_p,
                          ctypes.c_size_t, ctypes.c_int64)(lambda *_: -1)
class LinkClass(ctypes.Structure):
    _fields_ = [("version", ctypes.c_int), ("id", ctypes.c_int), ("comment", ctypes.c_char_p),
                ("create", ctypes.c_void_p), ("move", ctypes.c_void_p), ("copy", ctypes.c_void_p),
                ("follow", type(follow)), ("delete", ctypes.c_void_p), ("query", ctypes.c_void_p)]
library.H5open()
kind = LinkClass(0, 70, b"of our own", None, None, None, follow, None, None)
assert library.H5Lregister(ctypes.byref(kind)) >= 0
file = library.H5Fcreate(sys.argv[2].encode(), 2, ctypes.c_int64(0), ctypes.c_int64(0))
status = library.H5Lcreate_ud(ctypes.c_int64(file), b"mine", 70, b"where", ctypes.c_size_t(5),
                              ctypes.c_int64(0), ctypes.c_int64(0))
assert status >= 0
library.H5Fclose(ctypes.c_int64(file))
'''
    path = os.path.join(folder, "user_link.h5")
    done = subprocess.run([sys.executable, "-c", program, name, path], capture_output=True)
    if done.returncode != 0 and os.path.exists(path):
        os.remove(path)


def bombs(folder):
    chunk = 256 << 20
    one_chunk(os.path.join(folder, "bomb_chunk.h5"), chunk, zeros_packed(chunk), 1)
    chunk = 48 << 20
    one_chunk(os.path.join(folder, "bomb_ratio.h5"), chunk, zeros_packed(chunk), 1)
    chunk = 1 << 20
    one_chunk(os.path.join(folder, "bomb_stacked.h5"), chunk, zeros_packed(chunk, 3), 3)
    one_chunk(os.path.join(folder, "bomb_stored.h5"), 1024, zeros_packed(256 << 20), 1)
    # Many string descriptors that all name one long string.
    path, count = os.path.join(folder, "bomb_strings.h5"), 20_000
    with h5py.File(path, "w") as file:
        texts = file.create_dataset("x", shape=(count,), dtype=h5py.string_dtype())
        texts[0] = "z" * 1_000_000
        texts[1:] = "y"
        file.flush()
        offset = texts.id.get_offset()
    with open(path, "r+b") as raw:
        raw.seek(offset)
        first = raw.read(16)
        raw.seek(offset)
        raw.write(first * count)
    with h5py.File(os.path.join(folder, "bomb_attributes.h5"), "w", libver="latest") as file:
        for index in range(5_000):
            file.attrs[f"a{index}"] = index
    with h5py.File(os.path.join(folder, "bomb_attribute.h5"), "w", libver="latest") as file:
        file.attrs["large"] = np.zeros(1 << 18)
        file.attrs["many"] = np.array(["a"] * 5_000, dtype=h5py.string_dtype())


def shapes(folder):
    with h5py.File(os.path.join(folder, "huge.h5"), "w") as file:
        file.create_dataset("x", shape=(1 << 44,), dtype="f4")
        file.create_dataset("sparse", shape=(1 << 44,), dtype="f4", chunks=(1024,))
        file.create_dataset("long", shape=(1 << 62, 3), dtype="u1", chunks=(1024, 1))
        file.create_dataset("overflow", shape=(1 << 40, 1 << 40), dtype="u1", chunks=(16, 16))
        file.create_dataset("hidden", shape=(1 << 62, 1 << 62, 0), dtype="f8", chunks=(1, 1, 1),
                            maxshape=(1 << 62, 1 << 62, 5))
        file.create_dataset("rank32", shape=(1,) * 32, dtype="u1")
        file.create_dataset("none", shape=(0, 5), dtype="f4")
        file.create_dataset("large_element", shape=(1,), dtype="S100000000")
        file["null"] = h5py.Empty("f4")


def filters(folder):
    with h5py.File(os.path.join(folder, "filters.h5"), "w") as file:
        file.create_dataset("lzf", data=np.zeros(100), compression="lzf")
        file.create_dataset("scale_offset", data=np.arange(100), scaleoffset=8)
        plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        plist.set_chunk((4,))
        plist.set_filter(32001, h5py.h5z.FLAG_OPTIONAL, (1, 2))
        space = h5py.h5s.create_simple((4,))
        blosc = h5py.h5d.create(file.id, b"blosc", h5py.h5t.STD_U8LE, space, plist)
        blosc.write_direct_chunk((0,), b"abcd")
        plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        plist.set_chunk((4,))
        plist.set_filter(47_111, h5py.h5z.FLAG_OPTIONAL, ())
        h5py.h5d.create(file.id, b"nobody", h5py.h5t.STD_U8LE, space, plist)


def virtual(folder):
    with h5py.File(os.path.join(folder, "virtual_source.h5"), "w") as file:
        file["y"] = np.arange(10)
    with h5py.File(os.path.join(folder, "virtual.h5"), "w", libver=("v108", "v110")) as file:
        file["inside"] = np.arange(10)
        away = h5py.VirtualLayout(shape=(10,), dtype="i8")
        away[:] = h5py.VirtualSource(os.path.join(folder, "virtual_source.h5"), "y", shape=(10,))
        file.create_virtual_dataset("away", away)
        own = h5py.VirtualLayout(shape=(10,), dtype="i8")
        own[:] = h5py.VirtualSource(".", "inside", shape=(10,))
        file.create_virtual_dataset("own", own)


def links(folder):
    with h5py.File(os.path.join(folder, "soft_loop.h5"), "w") as file:
        file["a"] = h5py.SoftLink("/b")
        file["b"] = h5py.SoftLink("/a")
    with h5py.File(os.path.join(folder, "hard_cycle.h5"), "w") as file:
        group = file.create_group("g")
        group["up"] = file["/"]
        group["self"] = group
        group["x"] = np.arange(4, dtype="i2")
        file["again"] = group["x"]
        file["soft"] = h5py.SoftLink("g/x")
        file["dangling"] = h5py.SoftLink("/nowhere/at/all")
        file["via"] = h5py.SoftLink("soft")
    with h5py.File(os.path.join(folder, "deep.h5"), "w") as file:
        group = file
        for _ in range(40):
            group = group.create_group("d")


def names(folder):
    with h5py.File(os.path.join(folder, "names.h5"), "w") as file:
        for name in ("..", "-rf", "x" * 4000, "\U0001f40c", "\u202efdp.exe", "e\u0301", "\u00e9"):
            file.create_dataset(name, data=np.arange(2, dtype="u1"))
    with h5py.File(os.path.join(folder, "name_bytes.h5"), "w") as file:
        h5py.h5g.create(file.id, b"\xff\xfe")
    with h5py.File(os.path.join(folder, "name_long.h5"), "w") as file:
        file.create_group("y" * 5000)


def text(folder):
    with h5py.File(os.path.join(folder, "text.h5"), "w") as file:
        file.create_dataset("latin1", data=np.array([b"ok", b"caf\xe9"], dtype="S5"))
        broken = file.create_dataset("latin1_variable", shape=(2,),
                                     dtype=h5py.string_dtype("ascii"))
        broken[:] = [b"ok", b"caf\xe9"]
        file.attrs["latin1"] = np.bytes_(b"caf\xe9")


def checksums(folder):
    path = os.path.join(folder, "checksum.h5")
    with h5py.File(path, "w") as file:
        dataset = file.create_dataset("x", data=np.arange(64, dtype="f4").reshape(16, 4),
                                      chunks=(4, 4), fletcher32=True)
        offset = dataset.id.get_chunk_info(2).byte_offset
    with open(path, "r+b") as raw:
        raw.seek(offset + 7)
        byte = raw.read(1)
        raw.seek(offset + 7)
        raw.write(bytes([byte[0] ^ 1]))


def crashed(folder):
    program = ("import h5py, os, sys; f = h5py.File(sys.argv[1], 'w', libver='latest'); "
               "f['x'] = range(10); f.flush(); os._exit(0)")
    path = os.path.join(folder, "crashed.h5")
    subprocess.run([sys.executable, "-c", program, path], check=True)


def other_contents(folder):
    with open(os.path.join(folder, "empty.h5"), "wb"):
        pass
    with open(os.path.join(folder, "text_file.h5"), "w") as file:
        file.write("time,channel\n" * 200)
    with open(os.path.join(folder, "signature_only.h5"), "wb") as file:
        file.write(b"\x89HDF\r\n\x1a\n")
    with h5py.File(os.path.join(folder, "user_block.h5"), "w", userblock_size=512) as file:
        file.create_dataset("whole", data=np.arange(6, dtype="i4"))
        file.create_dataset("pieces", data=np.arange(6, dtype="i4"), chunks=(2,))


def main(folder):
    os.makedirs(folder, exist_ok=True)
    for make in (external_storage, external_link, user_link, bombs, shapes, filters, virtual, links,
                 names, text, checksums, crashed, other_contents):
        make(folder)
    for name in sorted(os.listdir(folder)):
        print(name, os.stat(os.path.join(folder, name)).st_size)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
