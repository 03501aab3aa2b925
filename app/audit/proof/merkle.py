"""A Merkle root over any number of leaves, in a few hundred bytes of memory (pure).

Leaves and inner nodes are hashed with different first bytes, and a node without a partner goes up as it is
(RFC 6962, section 2.1), so that no list of leaves can pass for another.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

LEAF, NODE = b"\x00", b"\x01"


@dataclass(frozen=True, slots=True)
class MerkleRoot:
    """The root and the number of leaves under it."""

    leaves: int
    digest: bytes


def merkle_root(leaves: Iterable[bytes]) -> MerkleRoot:
    """The root over the leaves in their order; without leaves the hash of nothing."""
    waiting: list[bytes] = []  # roots of complete subtrees, the largest first; their sizes are the bits of ``count``
    count = 0
    for leaf in leaves:
        node = hashlib.sha256(LEAF + leaf).digest()
        carry = count
        while carry & 1:
            node = _joined(waiting.pop(), node)
            carry >>= 1
        waiting.append(node)
        count += 1
    if not waiting:
        return MerkleRoot(0, hashlib.sha256(b"").digest())
    node = waiting.pop()
    while waiting:
        node = _joined(waiting.pop(), node)
    return MerkleRoot(count, node)


def _joined(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(NODE + left + right).digest()
