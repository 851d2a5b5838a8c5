"""The outside place: one file for each window, written once, and the key that signs it.

A file holds one line that says which rows of which tables it covers, with the root over each table and the hash of the line
before it; one line with the signature over that line; and then for each row its key and its leaf, forty bytes, in order.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from leidraad.lib.seal_tree import RECORD_BYTES, Tree

FORMAT = "leidraad-seal-1"
ENDING = ".seal"
MOST_LINE = 1024 * 1024


class BadSeal(Exception):
    """A window that is missing, was changed, or was not signed with the key. The message says which and what."""


@dataclass(frozen=True)
class Section:
    """One table in a window: its rows with a key above `after`, up to and including `upto`."""

    table: str
    key: str
    columns: list[str]
    after: int
    upto: int
    rows: int
    root: str


@dataclass(frozen=True)
class Window:
    number: int
    at: str
    previous: str
    sections: list[Section]

    @property
    def line(self) -> bytes:
        """The same text for the same window, always: this is what is signed and what the next window names."""
        return json.dumps({"format": FORMAT, **asdict(self)}, sort_keys=True, separators=(",", ":")).encode()

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.line).hexdigest()

    @property
    def rows(self) -> int:
        return sum(section.rows for section in self.sections)


# --- the key ----------------------------------------------------------------------------------------------------------


def make_key(path: Path) -> None:
    """A new key, readable for its owner only, and its public half beside it. Raises FileExistsError over an older one."""
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.parent.mkdir(parents=True, exist_ok=True)
    _write_once(path, pem, 0o600)
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    _write_once(public_half(path), public, 0o644)


def public_half(path: Path) -> Path:
    return path.with_name(path.name + ".pub")


def private_key(path: Path) -> Ed25519PrivateKey:
    found = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(found, Ed25519PrivateKey):
        raise BadSeal(f"{path} holds no Ed25519 key")
    return found


def public_key(path: Path) -> Ed25519PublicKey:
    found = serialization.load_pem_public_key(path.read_bytes())
    if not isinstance(found, Ed25519PublicKey):
        raise BadSeal(f"{path} holds no Ed25519 key")
    return found


def _write_once(path: Path, content: bytes, mode: int) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)


# --- the files --------------------------------------------------------------------------------------------------------


def path_of(place: Path, number: int) -> Path:
    return place / f"{number:09d}{ENDING}"


def numbers(place: Path) -> list[int]:
    """The windows that the place holds, in order."""
    return sorted(int(path.stem) for path in place.glob(f"*{ENDING}") if path.stem.isdecimal())


def write(place: Path, window: Window, leaves: Path, key: Ed25519PrivateKey) -> None:
    """Put the window in its place, whole or not at all, and never over another. Raises FileExistsError."""
    draft = path_of(place, window.number).with_suffix(".part")
    draft.unlink(missing_ok=True)
    signed = json.dumps({"signature": key.sign(window.line).hex()}).encode()
    with (
        os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o440), "wb") as file,
        leaves.open("rb") as rows,
    ):
        file.write(window.line + b"\n" + signed + b"\n")
        while piece := rows.read(1024 * 1024):
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path_of(place, window.number))
    finally:
        draft.unlink()
    folder = os.open(place, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def read(place: Path, number: int, key: Ed25519PublicKey) -> Window:
    """The window as it was signed. Raises BadSeal."""
    with path_of(place, number).open("rb") as file:
        line, signed = file.readline(MOST_LINE * 64).rstrip(b"\n"), file.readline(MOST_LINE)
    try:
        key.verify(bytes.fromhex(json.loads(signed)["signature"]), line)
        found: dict[str, Any] = json.loads(line)
        sections = [Section(**section) for section in found["sections"]]
        window = Window(found["number"], found["at"], found["previous"], sections)
    except (InvalidSignature, ValueError, KeyError, TypeError) as error:
        raise BadSeal(f"window {number}: not signed with this key, or changed after it was signed") from error
    if window.number != number or window.line != line:
        raise BadSeal(f"window {number}: the file holds another window")
    return window


def records(place: Path, window: Window) -> Iterator[tuple[Section, Iterator[bytes]]]:
    """Each table of the window with its rows as sealed, in order. Each has to be read to its end. Raises BadSeal at the
    end of a table whose rows do not give the root that was signed."""
    with path_of(place, window.number).open("rb") as file:
        file.readline(MOST_LINE * 64)
        file.readline(MOST_LINE)
        for section in window.sections:
            yield section, _rows(file, window.number, section)


def _rows(file: Any, number: int, section: Section) -> Iterator[bytes]:
    tree = Tree()
    for _ in range(section.rows):
        record: bytes = file.read(RECORD_BYTES)
        if len(record) < RECORD_BYTES:
            raise BadSeal(f"window {number}: the file is cut off in {section.table}")
        tree.add(record)
        yield record
    if tree.root != section.root:
        raise BadSeal(f"window {number}: the rows of {section.table} in the file are not those that were signed")
