#!/usr/bin/env python3
"""Writes Tests/DurabilityTests/Golden/content-hashes.txt: SHA-256 by hashlib, `<length> <hash>` a line.

The content of length n is the first n bytes of the endless sequence (7 i + 3) mod 251, i = 0, 1, ...
Standard library only. The lengths cover every padding case and the borders of the 1 MiB blocks.
"""
import hashlib
import pathlib

LENGTHS = [*range(0, 257), 4095, 4096, 4097, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 3 * (1 << 20) + 17]
target = pathlib.Path(__file__).resolve().parents[2] / "Tests/DurabilityTests/Golden/content-hashes.txt"
content = bytes((7 * i + 3) % 251 for i in range(max(LENGTHS)))
target.parent.mkdir(parents=True, exist_ok=True)
target.write_text("".join(f"{n} {hashlib.sha256(content[:n]).hexdigest()}\n" for n in LENGTHS))
print(f"wrote {target.name}: {len(LENGTHS)} hashes")
