"""The fingerprint of many rows: a tree of hashes over (key, leaf), built while the rows pass by."""

import hashlib
from dataclasses import dataclass, field

LEAF_BYTES = 32
KEY_BYTES = 8
RECORD_BYTES = KEY_BYTES + LEAF_BYTES


@dataclass
class Tree:
    """Holds no more than one hash for each level, however many rows are added. Rows come in the order of their keys.

    A leaf and a node are hashed with another first byte, so that a node can never pass for a row.
    """

    rows: int = 0
    _levels: list[bytes | None] = field(default_factory=list)

    def add(self, record: bytes) -> None:
        """`record` is the key in eight bytes and the leaf."""
        self.rows += 1
        carried = hashlib.sha256(b"\x00" + record).digest()
        for level, waiting in enumerate(self._levels):
            if waiting is None:
                self._levels[level] = carried
                return
            self._levels[level] = None
            carried = _node(waiting, carried)
        self._levels.append(carried)

    @property
    def root(self) -> str:
        """In hexadecimal; "" of nothing."""
        found: bytes | None = None
        for waiting in self._levels:
            if waiting is not None:
                found = waiting if found is None else _node(waiting, found)
        return found.hex() if found else ""


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def record_of(key: int, leaf: bytes) -> bytes:
    return key.to_bytes(KEY_BYTES, "big", signed=True) + leaf


def key_of(record: bytes) -> int:
    return int.from_bytes(record[:KEY_BYTES], "big", signed=True)
