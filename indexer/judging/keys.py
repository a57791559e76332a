"""The keys of nodes: numbers that a tree gives by what it says, the same in every process.

They have 63 bits: among a million conditions, two have the same one once in twenty million
catalogues. `FORMAT` of the cluster's mapping is raised when they change.
"""

import hashlib
import struct
from collections.abc import Iterable
from functools import lru_cache

from app.domain.arbre import Critere, canonical_json

ALWAYS_KEY, NEVER_KEY = 1, 0
_MOST_USED = 65_536  # a catalogue of a million offers has 23,000 criteria, shared by its trees


@lru_cache(maxsize=_MOST_USED)
def leaf_key(leaf: Critere, *, negated: bool) -> int:
    """Returns the key of a criterion, or of its negation."""
    return _key((b"-" if negated else b"+") + canonical_json(leaf).encode())


def group_key(keys: Iterable[int], *, is_all: bool) -> int:
    """Returns the key of a conjunction, or of a disjunction, of nodes in any order."""
    ordered = sorted(keys)
    return _key((b"&" if is_all else b"|") + struct.pack(f">{len(ordered)}q", *ordered))


def _key(said: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(said, digest_size=8).digest()) >> 1
