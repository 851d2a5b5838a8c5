"""Looks at a workbook before it is opened: how large it is unpacked and how large its sheets are.

The sizes in a zip directory are only claims, so every part is really unpacked once, in pieces that are thrown away.
"""

import posixpath
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, ParseError
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from handover.intake.limits import MEGABYTE, Limits
from handover.intake.problems import FileRefused
from handover.intake.xlsx_scan import Cell, PartScan

PIECE = 256 * 1024
MAX_PARTS = 5_000
LOCAL_HEADER = struct.Struct("<4s22xHH")


def check_workbook(path: Path, limits: Limits) -> frozenset[Cell]:
    """The cells of the first sheet in which a formula failed: the reader of workbooks shows those as empty.

    Raises FileRefused when the workbook is damaged, too large once unpacked, or has a sheet that is too large.
    """
    try:
        with ZipFile(path) as archive:
            parts = archive.infolist()
            if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > limits.max_unpacked:
                raise _too_large(limits)
            scans = _scan_parts(path, parts, limits)
            _check_strings(scans, limits)
            failed = {name: scan.failed for name, scan in scans.items() if scan.failed}
            first = _first_sheet(archive) if failed else ""
    except (BadZipFile, OSError, struct.error, zlib.error, NotImplementedError, RuntimeError, LookupError, ParseError):
        raise FileRefused("damaged_xlsx") from None
    return frozenset(failed.get(first, ()))


def _scan_parts(path: Path, parts: list[ZipInfo], limits: Limits) -> dict[str, PartScan]:
    left = limits.max_unpacked
    scans = {}
    with path.open("rb") as file:
        for part in parts:
            scan = scans[part.filename] = PartScan(limits.max_sheet_cells)
            for piece in _unpacked(file, part):
                left -= len(piece)
                if left < 0:
                    raise _too_large(limits)
                if not scan.is_within(piece):
                    raise FileRefused("sheet_too_wide")
    return scans


def _check_strings(scans: dict[str, PartScan], limits: Limits) -> None:
    """A string is stored once and copied to each cell that uses it: few bytes can become any amount of memory."""
    strings = next((scan for scan in scans.values() if scan.is_strings), None)
    if any(scan.is_sheet and scan.text_size(strings) > limits.max_unpacked for scan in scans.values()):
        raise _too_large(limits)


def _first_sheet(archive: ZipFile) -> str:
    """The name of the part that holds the first sheet. Only called after every part was unpacked within the limit."""
    workbook = _tree(archive, "xl/workbook.xml")
    sheets = [element for element in workbook.iter() if _bare(element.tag) == "sheet"]
    wanted = [value for name, value in sheets[0].attrib.items() if _bare(name) == "id" and name != "id"]
    for relation in _tree(archive, "xl/_rels/workbook.xml.rels"):
        if relation.get("Id") in wanted:
            target = relation.get("Target", "")
            return target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
    raise BadZipFile


def _tree(archive: ZipFile, name: str) -> Element:
    if archive.getinfo(name).file_size > MEGABYTE:
        raise BadZipFile
    # Expat itself refuses entities that multiply, and the text is at most one megabyte.
    return ElementTree.fromstring(archive.read(name))  # noqa: S314


def _bare(tag: str) -> str:
    return tag.rpartition("}")[2]


def _unpacked(file: BinaryIO, part: ZipInfo) -> Iterator[bytes]:
    file.seek(part.header_offset)
    signature, name_length, extra_length = LOCAL_HEADER.unpack(file.read(LOCAL_HEADER.size))
    if signature != b"PK\x03\x04" or part.flag_bits & 1 or part.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise BadZipFile
    file.seek(name_length + extra_length, 1)
    unpack = zlib.decompressobj(-15) if part.compress_type == ZIP_DEFLATED else None
    packed = part.compress_size
    while packed > 0 and (piece := file.read(min(PIECE, packed))):
        packed -= len(piece)
        if unpack is None:
            yield piece
            continue
        while piece and not unpack.eof:
            yield unpack.decompress(piece, PIECE)
            piece = unpack.unconsumed_tail
    # What the decompressor still held back when its input ended.
    while unpack is not None and not unpack.eof and (piece := unpack.decompress(b"", PIECE)):
        yield piece


def _too_large(limits: Limits) -> FileRefused:
    return FileRefused("unpacked_too_large", limit=str(limits.max_unpacked // MEGABYTE))
