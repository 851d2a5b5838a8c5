"""Failed attempts to sign in, counted per typed name in the shared cache: five, then a pause of five minutes.

A name that does not exist is counted just the same, so that the pause tells nothing about who has an account.
"""

import hashlib

from django.core.cache import cache

LIMIT = 5
PAUSE = 300


def _key(username: str) -> str:
    return "sign-in:" + hashlib.sha256(username.strip().casefold().encode()).hexdigest()


def too_many(username: str) -> bool:
    return int(cache.get(_key(username), 0)) >= LIMIT


def failed(username: str) -> None:
    key = _key(username)
    if not cache.add(key, 1, PAUSE):
        try:
            cache.incr(key)
        except ValueError:  # it expired between the two
            cache.set(key, 1, PAUSE)


def succeeded(username: str) -> None:
    cache.delete(_key(username))
