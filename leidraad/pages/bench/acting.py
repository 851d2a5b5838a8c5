"""What people do: accepting a handover with its grants, noting that a resident was seen.

Each act is measured inside a transaction that is rolled back, so nothing of it stays.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial

from django.db import connections, transaction

from cases.case.actions import NewAxis, NewCase, directors_of, open_cases
from cases.case.models import Axis, Ground, Mark, Person, Phase, ReturnCase
from cases.reception.models import Placement
from handover.actions import NewItem, NewOffer, accept_handover, offer_many
from handover.intake.checklist import ITEMS
from handover.models import Handover, HandoverKind
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from leidraad.pages.bench.subjects import ACT, Subject, register_address, signed_in
from leidraad.pages.bench.watching import Statement
from leidraad.pages.bench.world import PRINCIPAL, World
from partners.models import Unit

SENDER, SITE, TEAM = "ind-noord", "azc-veenmeer", "bench-team-0"


@contextmanager
def acts_of(world: World) -> Iterator[list[Subject]]:
    """Each run of an act is taken back at once; what the acts need first goes at the end."""
    with transaction.atomic():
        acts = (_accepting(world), _noting(world))
        yield [Subject(name, ACT, partial(taken_back, act)) for name, act in acts]
        transaction.set_rollback(True)


Act = tuple[str, Callable[[], object]]


def _accepting(world: World) -> Act:
    """An offered handover, accepted for the largest team."""
    handover = _offered()
    team = Unit.objects.select_related("organisation").get(code=TEAM)
    director = directors_of(team)[0]

    def accept() -> object:
        fresh = Handover.objects.get(pk=handover.pk)
        return accept_handover(fresh, team=team, director=director, by=world.intake)

    return "accept a handover", accept


def _noting(world: World) -> Act:
    """One row of the register saved, as htmx sends it: the whole request, up to the row that comes back."""
    client, address = signed_in(world.registrar), register_address(world, "mark")
    key = Placement.objects.staying().filter(site=world.register).order_by("pk").values_list("pk", flat=True)[0]
    sent = {"rij": str(key), f"m-{key}-1": Mark.SEEN.value}

    def note() -> object:
        response = client.post(address, sent, secure=True, headers={"HX-Request": "true"})
        if response.status_code != 200:
            raise RuntimeError(f"{address} answers {response.status_code}")
        return response

    return "save a row of the register", note


def taken_back(run: Callable[[], object]) -> object:
    mark = transaction.savepoint()
    try:
        return run()
    finally:
        transaction.savepoint_rollback(mark)


def replayed(statements: Sequence[Statement]) -> Callable[[], object]:
    """The same statements without Django around them: what the database's share of the act is."""

    def run() -> None:
        for statement in statements:
            with connections[statement.alias].cursor() as cursor:
                cursor.execute(statement.sql, statement.params)

    return lambda: taken_back(run)


def _offered() -> Handover:
    case = _received(Unit.objects.get(code=SENDER), Unit.objects.get(code=SITE))
    offer = NewOffer(
        case=case,
        kind=HandoverKind.objects.get(code="refused"),
        from_unit=case.led_by,
        to_unit=Unit.objects.get(code="dtv-ilc"),
        items=[NewItem(item.code, "present") for item in ITEMS],
    )
    (handover,) = offer_many([offer], by=PRINCIPAL)
    return handover


def _received(sender: Unit, site: Unit) -> ReturnCase:
    today = clock.today()
    person = Person(v_number="99999999", surname="Testpersoon", given_names="Sami", nationality="DZA", source="IND")
    save_as(person, by=PRINCIPAL)
    axes = [
        NewAxis(Axis.PHASE, Phase.RECEIVED, today, "IND"),
        NewAxis(Axis.REMOVABILITY, "removable", today, "IND"),
        NewAxis(Axis.RESIDENCE, "azc", today, "IND", text=site.name),
        NewAxis(Axis.TRAVEL_DOCUMENT, "missing", today, "IND"),
    ]
    new = NewCase(person=person, ground=Ground.ASYLUM_REFUSED, led_by=sender, residence_unit=site, axes=axes)
    (case,) = open_cases([new], by=PRINCIPAL, reason="bench")
    return case
