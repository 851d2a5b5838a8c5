"""What a person does: one page after another, with time to read between them."""

import asyncio
import random
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, timedelta

import httpx

from tests.load.people import Person

# Seconds between two pages of one person, on average; nobody is faster than two. Three hundred people who read a page for
# twelve seconds open 25 pages a second: busier than an office is, for most of a day is talking and writing elsewhere.
THINK, LEAST_THINK = 12.0, 2.0
NAMES = ("ham", "ben", "mar", "sal", "kad")
VERSION = re.compile(r'name="seen_version" value="(\d+)"')
FORMER = 'name="former"'


@dataclass(frozen=True)
class Answer:
    """One request: what for, how long, and what was wrong with it, if anything."""

    act: str
    seconds: float
    error: str = ""


Tell = Callable[[Answer], None]
Act = Callable[["Worker"], Awaitable[None]]


class Worker:
    def __init__(self, person: Person, client: httpx.AsyncClient, tell: Tell, seed: int) -> None:
        self.person, self.client, self.tell = person, client, tell
        self.chance = random.Random(seed)  # repeatable, no secret

    async def work(self, until: float) -> None:
        """Begins somewhere in the first pause, so that not all arrive at once."""
        acts = [act for act in ACTS if act[2](self.person)]
        pause = self.chance.uniform(0, THINK)
        while time.monotonic() + pause < until:
            await asyncio.sleep(pause)
            (chosen,) = self.chance.choices(acts, weights=[weight for _act, weight, _can in acts])
            await chosen[0](self)
            pause = max(LEAST_THINK, self.chance.expovariate(1 / THINK))

    async def get(self, act: str, path: str) -> str:
        return await self._ask(act, "GET", path, {}, 200)

    async def post(self, act: str, path: str, fields: dict[str, str]) -> str:
        """The address that the answer leads to."""
        return await self._ask(act, "POST", path, fields, 302)

    async def _ask(self, act: str, method: str, path: str, fields: dict[str, str], expected: int) -> str:
        start = time.perf_counter()
        try:
            answer = await self.client.request(method, path, headers=self.person.headers, data=fields or None)
        except httpx.HTTPError as error:
            self.tell(Answer(act, time.perf_counter() - start, type(error).__name__))
            return ""
        wrong = answer.status_code != expected
        self.tell(Answer(act, time.perf_counter() - start, f"{answer.status_code} {path}" if wrong else ""))
        if wrong:
            return ""
        return str(answer.headers["location"]) if expected == 302 else answer.text

    def some_case(self) -> str:
        return self.chance.choice(self.person.cases)


async def my_work(one: Worker) -> None:
    await one.get("my work", "/mijn-werk/")


async def cases(one: Worker) -> None:
    await one.get("list", "/zaken/")


async def narrowed(one: Worker) -> None:
    await one.get("list, narrowed", f"/zaken/?nationality={one.chance.choice(('DZA', 'MAR', 'SYR'))}&deadline=week")


async def case(one: Worker) -> None:
    await one.get("case", f"/zaken/{one.some_case()}/")


async def history(one: Worker) -> None:
    await one.get("history", f"/zaken/{one.some_case()}/geschiedenis/")


async def register(one: Worker) -> None:
    await one.get("register", one.person.register)


async def search(one: Worker) -> None:
    found = await one.post("search", "/zoeken/", {"q": one.chance.choice(NAMES)})
    if found:
        await one.get("search, found", found)


async def next_step(one: Worker) -> None:
    """Opens the form, reads it, and records another next step."""
    path = f"/zaken/{one.chance.choice(one.person.own)}/volgende-stap/"
    form = await one.get("next step, form", path)
    version = VERSION.search(form)
    if version is None:
        return
    await asyncio.sleep(LEAST_THINK)
    day = date.today() + timedelta(days=one.chance.randint(1, 60))  # noqa: DTZ011 - any day to come
    fields = {"title": "Gesprek over vertrek", "day": day.strftime("%d-%m-%Y"), "seen_version": version[1]}
    await one.post("next step, record", path, fields | ({"former": "done"} if FORMER in form else {}))


def anybody(_person: Person) -> bool:
    return True


def with_cases(person: Person) -> bool:
    return bool(person.cases)


def with_register(person: Person) -> bool:
    return bool(person.register)


def with_own_cases(person: Person) -> bool:
    return bool(person.own)


# Act, how often beside the others, and for whom.
ACTS: tuple[tuple[Act, int, Callable[[Person], bool]], ...] = (
    (case, 40, with_cases),
    (cases, 22, anybody),
    (my_work, 16, anybody),
    (narrowed, 8, anybody),
    (search, 6, anybody),
    (history, 4, with_cases),
    (register, 10, with_register),
    (next_step, 4, with_own_cases),
)


async def all_work(people: list[Person], address: str, seconds: float) -> list[Answer]:
    """Everybody at once, for that long. A request that nobody answers in half a minute is an error."""
    answers: list[Answer] = []
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=0)
    async with httpx.AsyncClient(base_url=address, limits=limits, timeout=30) as client:
        until = time.monotonic() + seconds
        workers = [Worker(person, client, answers.append, seed) for seed, person in enumerate(people)]
        await asyncio.gather(*(worker.work(until) for worker in workers))
    return answers
