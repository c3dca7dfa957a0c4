"""Keyed hashes: HMAC-SHA-256 with the workspace's secret, in SQL.

The secret reaches the engine as two padded blocks bound to variables, never as text in a statement.
"""

from __future__ import annotations

from transforms.functions.registry import Function

BLOCK_BYTES = 64

_SPARK_HMAC = "sha2(concat(hmac_outer, unhex(sha2(concat(hmac_inner, encode(x, 'UTF-8')), 256))), 256)"


def hmac_blocks(key: bytes, digest_of_long_key: bytes) -> tuple[bytes, bytes]:
    """The inner and outer blocks of RFC 2104 for a key."""
    padded = (digest_of_long_key if len(key) > BLOCK_BYTES else key).ljust(BLOCK_BYTES, b"\0")
    return bytes(byte ^ 0x36 for byte in padded), bytes(byte ^ 0x5C for byte in padded)


def _low_bits(hexes: int, digit_map: str) -> str:
    """The last `hexes` hexadecimal digits as a number, the highest digit masked by `digit_map`."""
    tail = f"right(hash_hex, {hexes})"
    return (
        f"concat(translate(left({tail}, 1), '0123456789abcdef', '{digit_map}'), right(hash_hex, {hexes - 1}))"
    )


_LOW_53 = _low_bits(14, "0101010101010101")
_LOW_63 = _low_bits(16, "0123456701234567")

FUNCTIONS = (
    Function(
        "keyed_hash",
        ("x",),
        "sha256(getvariable('hmac_outer') || unhex(sha256(getvariable('hmac_inner') || encode(x))))",
        "VARCHAR",
        "HMAC-SHA-256 of a text with the workspace's secret, 64 hexadecimal digits.",
        spark=_SPARK_HMAC,
        keyed=True,
    ),
    Function(
        "hash_low_53",
        ("hash_hex",),
        f"greatest(CAST(concat('0x', {_LOW_53}) AS BIGINT), 1)",
        "BIGINT",
        "The low 53 bits of a hash, at least 1.",
        spark=f"greatest(CAST(conv({_LOW_53}, 16, 10) AS BIGINT), 1L)",
    ),
    Function(
        "hash_low_63",
        ("hash_hex",),
        f"greatest(CAST(concat('0x', {_LOW_63}) AS BIGINT), 1)",
        "BIGINT",
        "The low 63 bits of a hash, at least 1.",
        spark=f"greatest(CAST(conv({_LOW_63}, 16, 10) AS BIGINT), 1L)",
    ),
    Function(
        "keyed_int53",
        ("x",),
        "hash_low_53(keyed_hash(x))",
        "BIGINT",
        "A pseudonym from 1 to 2^53 - 1, which BI tools keep exact.",
        keyed=True,
    ),
    Function(
        "keyed_int63",
        ("x",),
        "hash_low_63(keyed_hash(x))",
        "BIGINT",
        "A pseudonym from 1 to 2^63 - 1.",
        keyed=True,
    ),
)
