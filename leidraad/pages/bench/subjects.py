"""What is measured: the lists, the searches and the pages, each through the code that serves them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import connection
from django.test import Client
from django.urls import reverse

from cases.case.listing import SECTION, SORTS, Filters, count_of, page_of, parts_holding
from cases.case.models.case import permission_id
from cases.case.search import find, read_query
from leidraad.lib import clock
from leidraad.pages.bench import hand_sql
from leidraad.pages.bench.world import Viewer, World
from leidraad.pages.register_desk import week_words
from leidraad.pages.reports import PERIODS
from leidraad.pages.search import SHOWN
from leidraad.pages.waiting import waiting_for
from partners.models import Member
from partners.sign_in.factor import PASSED

LIST, COUNT, SEARCH, REQUEST, WORK, ACT, WALL = "list", "count", "search", "request", "work", "act", "wall"
CLOCK = "clock"
PAGE_SIZE = 50
FAR_PAGE = 500
THREE_LETTERS = "ham"
PHASE = "final_checks"
REMOVABILITY = "barred_temporarily"
NATIONALITY = "GIN"


@dataclass(frozen=True)
class Subject:
    """One piece of work. `keys_of` and `hand_keys` say which cases each way found: they must be the same."""

    name: str
    kind: str
    run: Callable[[], Any]
    hand: str = ""
    params: dict[str, Any] = field(default_factory=dict)
    keys_of: Callable[[Any], Sequence[object]] = lambda _result: ()
    hand_keys: Callable[[list[Any]], Sequence[object]] = lambda _rows: ()

    def run_hand(self) -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(self.hand, self.params)
            return list(cursor.fetchall())

    def differs(self) -> bool:
        """Whether the hand-written statement finds other cases: then comparing the two would mean nothing."""
        return bool(self.hand) and list(self.keys_of(self.run())) != list(self.hand_keys(self.run_hand()))


def queries_of(viewer: Viewer) -> Iterator[Subject]:
    """The lists and searches of one viewer. A filter or sort on what the unit does not see is left out."""
    yield from _lists(viewer)
    yield _count(viewer.member)
    yield from _searches(viewer.member)


def known(member: Member) -> dict[str, Any]:
    """What hand-written SQL must be told of a member."""
    return {"group": member.acting_group_id, "unit": member.acting_unit_id, "view": permission_id("view")}


# --- lists ----------------------------------------------------------------------------------------------------------


def _list(name: str, member: Member, filters: Filters, hand: str, after: str | None = None, **params: Any) -> Subject:
    return Subject(
        name,
        LIST,
        lambda: page_of(member, filters, after=after, size=PAGE_SIZE, waiting_for=waiting_for(member)),
        hand,
        {**known(member), **params},
        keys_of=lambda page: [row["content_object_id"] for row in page.rows],
        hand_keys=lambda rows: [row[0] for row in rows[:PAGE_SIZE]],
    )


def _sees(viewer: Viewer, column: str) -> bool:
    return any(part == viewer.part for part, _grounds in parts_holding(viewer.member, SECTION[column]))


def _lists(viewer: Viewer) -> Iterator[Subject]:
    member = viewer.member
    yield _list("list, page 1", member, Filters(), hand_sql.page())
    yield from _far_page(member)
    location = _most_frequent_site(member)
    for column, value in (
        ("nationality", NATIONALITY),
        ("location", location),
        ("phase", PHASE),
        ("removability", REMOVABILITY),
    ):
        if _sees(viewer, column):
            field_name = "location_id" if column == "location" else column
            hand = hand_sql.page(where=f"g.{field_name} = %(value)s")
            chosen: dict[str, Any] = {column: value}
            yield _list(f"list, one {column}", member, replace(Filters(), **chosen), hand, value=value)
    for sort in ("name", "contact"):
        if _sees(viewer, sort):
            hand = hand_sql.page(order=", ".join(f"g.{name}" for name in SORTS[sort]))
            yield _list(f"list, by {sort}", member, Filters(sort=sort), hand)
    # By hand, too, as the index of closed cases has it; else each run of the other way empties the caches for ours.
    seen = f"{hand_sql.SEEN} AND NOT g.is_listed AND g.sort_deadline IS NOT NULL"
    closed = hand_sql.page(order="g.content_object_id DESC, g.id DESC", seen=seen)
    yield _list("list, closed cases", member, Filters(closed=True), closed)


def _far_page(member: Member) -> Iterator[Subject]:
    """Page 500, or the last full one where there are fewer; none where all fits on one."""
    number = min(FAR_PAGE, max(_listed(member) // PAGE_SIZE, 2))
    before = page_of(member, Filters(), size=PAGE_SIZE * (number - 1))
    if before.next_token is None:
        return
    last = before.rows[-1]
    hand = hand_sql.page(where="(g.sort_deadline, g.content_object_id) > (%(day)s, %(key)s)")
    day, key = last["sort_deadline"], last["content_object_id"]
    yield _list("list, far page", member, Filters(), hand, before.next_token, day=day, key=key)


def _listed(member: Member) -> int:
    return int(_value(f"SELECT count(*) FROM cases_casegrant g WHERE {hand_sql.LISTED}", known(member)))  # noqa: S608


def _most_frequent_site(member: Member) -> int:
    sql = f"""
        SELECT g.location_id FROM cases_casegrant g WHERE {hand_sql.LISTED}
         GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1
    """  # noqa: S608
    return int(_value(sql, known(member)))


def _value(sql: str, params: dict[str, Any]) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchone()[0]


def _count(member: Member) -> Subject:
    return Subject(
        "count, capped",
        COUNT,
        lambda: count_of(member, Filters()),
        hand_sql.COUNT,
        known(member),
        keys_of=lambda count: [min(count.value + count.capped, 1001)],
        hand_keys=lambda rows: [rows[0][0]],
    )


# --- search ---------------------------------------------------------------------------------------------------------


def _searches(member: Member) -> Iterator[Subject]:
    v_number, surname, given = _somebody(member)
    yield _by_name("search, three letters", member, THREE_LETTERS)
    yield _by_name("search, full name", member, f"{surname} {given}")
    yield _search(
        "search, V-number", member, v_number, hand_sql.BY_V_NUMBER, {**known(member), "prefix": f"{v_number}%"}
    )


def _by_name(name: str, member: Member, text: str) -> Subject:
    words = text.lower().split()
    params = {**known(member), **{f"word{n}": f"%{word}%" for n, word in enumerate(words)}}
    return _search(name, member, text, hand_sql.by_name(len(words)), params)


def _search(name: str, member: Member, text: str, hand: str, params: dict[str, Any]) -> Subject:
    """Which five hundred are found of more is left open by both; how many of them are shown is not."""
    query = read_query(text)
    return Subject(
        name,
        SEARCH,
        lambda: find(member, query, limit=SHOWN + 1),
        hand,
        params,
        keys_of=lambda found: [len(found)],
        hand_keys=lambda rows: [min(len(rows), SHOWN + 1)],
    )


def _somebody(member: Member) -> tuple[str, str, str]:
    """Somebody in the middle of the unit's list."""
    sql = f"""
        SELECT p.v_number, p.surname, p.given_names
          FROM cases_casegrant g JOIN cases_returncase c ON c.id = g.content_object_id JOIN cases_person p ON p.id = c.person_id
         WHERE {hand_sql.LISTED} ORDER BY g.content_object_id OFFSET %(half)s LIMIT 1
    """  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, {**known(member), "half": _listed(member) // 2})
        v_number, surname, given = cursor.fetchone()
    return v_number, surname, given


# --- whole requests -------------------------------------------------------------------------------------------------


def pages_of(viewer: Viewer) -> Iterator[Subject]:
    """Whole requests of a signed-in member through Django's test client: middleware, log and template included."""
    member = viewer.member
    client = signed_in(member)
    cases, number = reverse("cases:list"), some_case(member)
    yield Subject("request, list", REQUEST, _getting(client, cases))
    yield Subject("request, list, one phase", REQUEST, _getting(client, f"{cases}?phase={PHASE}"))
    yield Subject("request, case", REQUEST, _getting(client, reverse("cases:detail", args=[number])))
    yield Subject("request, history", REQUEST, _getting(client, reverse("cases:history", args=[number])))
    if _sees(viewer, "location"):
        yield Subject("request, residence", REQUEST, _getting(client, reverse("cases:residence", args=[number])))


def work_of(member: Member) -> Subject:
    """The page that a member's day begins with: its panels are those of the role."""
    return Subject("request, my work", WORK, _getting(signed_in(member), reverse("pages:my-work")))


def report_of(member: Member) -> Subject:
    """Two years of counts. It counts cases, so it takes longer where there are more."""
    address = f"{reverse('reports:index')}?period={PERIODS[-1]}"
    return Subject("request, reports", WORK, _getting(signed_in(member), address))


def register_of(world: World) -> Subject:
    """This week of a site with as many residents at every size."""
    return Subject("request, register", REQUEST, _getting(signed_in(world.registrar), register_address(world)))


def register_address(world: World, page: str = "week") -> str:
    return reverse(f"register:{page}", args=[world.register.code, week_words(clock.today())])


def signed_in(member: Member) -> Client:
    """Signed in, with a second factor shown: what is measured are the pages behind it."""
    client = Client()
    client.force_login(member, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session[PASSED] = str(member.pk)
    session.save()
    return client


def some_case(member: Member) -> str:
    """A case in the middle of those that show as much as a case can: with a household, a request and an address, without
    signals or marks. At every size the same is shown of it."""
    sql = f"""
        SELECT c.number FROM cases_casegrant g JOIN cases_returncase c ON c.id = g.content_object_id
         WHERE {hand_sql.LISTED} AND c.household_id IS NOT NULL AND c.id >= %(middle)s
           AND EXISTS (SELECT 1 FROM requests_request r WHERE r.case_id = c.id AND r.ended_at IS NULL)
           AND EXISTS (SELECT 1 FROM cases_address a WHERE a.case_id = c.id)
           AND NOT EXISTS (SELECT 1 FROM cases_signal s WHERE s.case_id = c.id)
           AND NOT EXISTS (SELECT 1 FROM reception_inhousemark m WHERE m.case_id = c.id)
           AND NOT EXISTS (SELECT 1 FROM cases_personalias a WHERE a.person_id = c.person_id)
         ORDER BY g.content_object_id LIMIT 1
    """  # noqa: S608
    return str(_value(sql, {**known(member), "middle": _value("SELECT max(id) / 2 FROM cases_returncase", {})}))


def _getting(client: Client, address: str) -> Callable[[], object]:
    def get() -> object:
        response = client.get(address, secure=True)
        if response.status_code != 200:
            raise RuntimeError(f"{address} answers {response.status_code}")
        return response

    return get
