#!/usr/bin/env python3
"""Prints the golden values of Tests/RandomnessTests: seeds, xoshiro256++ and a shuffle, in plain Python."""

MASK = (1 << 64) - 1
INCREMENT = 0x9E3779B97F4A7C15


def mix(x):
    x = (x + INCREMENT) & MASK
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & MASK
    return x ^ (x >> 31)


def named_child(seed, name):
    h = 0xCBF29CE484222325
    for byte in name.encode():
        h = ((h ^ byte) * 0x100000001B3) & MASK
    return mix(mix(seed ^ 0x6E616D6564736565) ^ h)


def indexed_child(seed, index):
    return mix((mix(seed ^ 0x696E646578736564) + index) & MASK)


class Xoshiro256PlusPlus:
    def __init__(self, seed):
        self.s = [mix((seed + k * INCREMENT) & MASK) for k in range(4)]

    def next(self):
        s = self.s
        rotl = lambda x, k: ((x << k) | (x >> (64 - k))) & MASK
        result = (rotl((s[0] + s[3]) & MASK, 23) + s[0]) & MASK
        t = (s[1] << 17) & MASK
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= t
        s[3] = rotl(s[3], 45)
        return result

    def index_below(self, count):
        product = self.next() * count
        if (product & MASK) < count:
            threshold = ((1 << 64) - count) % count
            while (product & MASK) < threshold:
                product = self.next() * count
        return product >> 64


def shuffled(count, seed):
    order, generator = list(range(count)), Xoshiro256PlusPlus(seed)
    for last in range(count - 1, 0, -1):
        other = generator.index_below(last + 1)
        order[last], order[other] = order[other], order[last]
    return order


if __name__ == "__main__":
    generator = Xoshiro256PlusPlus(42)
    print("sequence   ", [hex(generator.next()) for _ in range(5)])
    print("named child", hex(named_child(42, "split")))
    print("child 5    ", hex(indexed_child(42, 5)))
    print("permutation", shuffled(10, 42))
