"""Keeping small secrets unreadable for who reads the database alone: the key follows from SECRET_KEY.

Each purpose has a key of its own: what was sealed for one member cannot be opened for another, nor for another use.
"""

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


@lru_cache(maxsize=512)
def _box(secret: str, purpose: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=b"leidraad", info=purpose.encode()).derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(derived))


def seal(content: bytes, purpose: str) -> bytes:
    return _box(settings.SECRET_KEY, purpose).encrypt(content)


def unseal(sealed: bytes, purpose: str) -> bytes | None:
    """None for what was sealed for another purpose, with another key, or was changed since."""
    try:
        return _box(settings.SECRET_KEY, purpose).decrypt(sealed)
    except InvalidToken:
        return None
