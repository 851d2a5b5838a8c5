"""What nobody may choose as a password, besides Django's own rules. Only asked when a password is set, never at sign-in."""

import hashlib
import re
from pathlib import Path
from typing import Any

import requests
import structlog
from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

log = structlog.get_logger(__name__)
TIMEOUT_SECONDS = 2.0
LEAKED = "password_leaked"
# Words that people at work choose and that the list of the world's passwords misses.
OUR_WORDS = frozenset((Path(__file__).parents[1] / "reference" / "weak_words.txt").read_text(encoding="utf-8").split())
_LETTERS_FOR = str.maketrans("013457@$!", "oleastasi")


class DressedUpPasswordValidator(CommonPasswordValidator):
    """Refuses a much used word with digits or signs around it or in it: "W3lkom01!!!!" is still "welkom"."""

    def validate(self, password: str, user: Any = None) -> None:
        plain = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", password.casefold())
        words = {plain, plain.translate(_LETTERS_FOR), password.casefold().translate(_LETTERS_FOR)}
        if any(word in self.passwords or word in OUR_WORDS for word in words):
            raise ValidationError(
                _("This is a much used word with something added. Choose several words that do not belong together."),
                code="password_dressed_up",
            )

    def get_help_text(self) -> str:
        return ""


class BreachedPasswordValidator:
    """Refuses a password that is known to have leaked. The source is configured; away or absent, it refuses nothing."""

    def validate(self, password: str, user: Any = None) -> None:
        source = settings.LEIDRAAD_BREACHED_PASSWORDS
        if not source:
            return
        digest = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()
        try:
            leaked = _in_service(source, digest) if source.startswith("http") else _in_file(Path(source), digest)
        except (OSError, requests.RequestException) as error:
            log.warning("breached_passwords_away", error=type(error).__name__)
            return
        if leaked:
            raise ValidationError(
                _("This password has leaked somewhere and is tried first by attackers. Choose another one."),
                code=LEAKED,
            )

    def get_help_text(self) -> str:
        return ""


def _in_service(address: str, digest: str) -> bool:
    """Only the first five characters of the hash leave this machine."""
    answer = requests.get(
        f"{address.rstrip(chr(47))}/{digest[:5]}", timeout=TIMEOUT_SECONDS, headers={"Add-Padding": "true"}
    )
    answer.raise_for_status()
    found = (line.strip().upper().partition(":") for line in answer.text.splitlines())
    return any(rest == digest[5:] and count.strip("0") for rest, _colon, count in found)


def _in_file(path: Path, digest: str) -> bool:
    """Halves the file, which may be gigabytes: lines "HASH:COUNT" or "HASH", sorted by hash."""
    wanted = digest.encode()
    with path.open("rb") as file:
        low, high = 0, file.seek(0, 2)
        while low < high:
            middle = (low + high) // 2
            file.seek(middle)
            if middle:
                file.readline()  # the rest of the line that we landed in
            line = file.readline()
            found = line.strip().upper()[:40]
            if found == wanted:
                return True
            if found and found < wanted:
                low = file.tell()
            else:
                high = middle
        file.seek(low)
        return file.readline().strip().upper()[:40] == wanted
