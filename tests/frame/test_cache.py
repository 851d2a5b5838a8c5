"""A dead Redis costs no page and no sign-in, and the pause after failed sign-ins still comes."""

import socket
import time

import pytest

from leidraad.lib.cache import SturdyRedisCache


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
    return number


@pytest.fixture
def without_redis() -> SturdyRedisCache:
    made = SturdyRedisCache(f"redis://127.0.0.1:{free_port()}/0", {"OPTIONS": {"socket_timeout": 1}})
    made.clear()
    return made


def test_without_redis_the_near_cache_counts(without_redis: SturdyRedisCache) -> None:
    assert without_redis.add("failures", 1, 300)
    assert not without_redis.add("failures", 1, 300)

    assert without_redis.incr("failures") == 2

    assert without_redis.get("failures") == 2


def test_without_redis_a_choice_is_still_read_once(without_redis: SturdyRedisCache) -> None:
    asked: list[int] = []

    def read() -> str:
        asked.append(1)
        return "kept"

    for _ in range(3):
        without_redis.get_or_set("choices", read, 60)

    assert len(asked) == 1


def test_without_redis_many_calls_do_not_wait_each(without_redis: SturdyRedisCache) -> None:
    started = time.monotonic()

    for number in range(200):
        without_redis.get(f"key-{number}")

    assert time.monotonic() - started < 2


def test_a_listening_but_silent_redis_is_given_up_within_its_second() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        made = SturdyRedisCache(f"redis://127.0.0.1:{silent.getsockname()[1]}/0", {"OPTIONS": {"socket_timeout": 0.1}})

        assert made.get("nothing", "default") == "default"
