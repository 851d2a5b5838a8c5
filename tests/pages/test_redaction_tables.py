"""Blanking reaches every table in which people write about a case, and what it leaves is left for a reason."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import DatabaseError, connection, models, transaction
from django.test import Client

from cases.case.access_questions import ask_access
from cases.case.models import (
    Address,
    IdentityConflict,
    PersonAlias,
    ProtectedAddress,
    ReturnCase,
    Signal,
    SignalKind,
)
from cases.procedure.actions.answers import answer
from cases.procedure.models import (
    LegalGround,
    PeriodChange,
    PostponementStep,
)
from cases.requests.models import Request
from cases.supervision.actions import record_outcome
from cases.supervision.models import SupervisionTask, VulnerabilityNote
from cases.supervision.reporting_actions import mark_duty
from cases.terms.incidents import reply
from cases.terms.models import GuardStatement, Incident, Stop, Unwatched
from handover.models import Decision, Dossier, DossierFile, DossierRow, HeldDecision, Referral
from handover.referrals.states import Finding
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from leidraad.pages import redaction_acts as acts
from leidraad.pages.redaction_columns import COLUMNS, KEPT
from partners.models import Member
from tests.cast import PRINCIPAL, Cast, member_of, sign_in
from tests.factories import led_case, person, unit
from tests.handover.hand import dossier, returned
from tests.handover.referred import filed, judged
from tests.procedure.answered import stating
from tests.supervision import reporting, visits
from tests.terms.placed import stop_row
from tests.world import World

pytestmark = pytest.mark.django_db

WORD = "Qxz"


@pytest.fixture
def second(cast: Cast) -> Member:
    return member_of(cast.privacy.acting_unit, "privacy_officer")


# --- every column has a place in one of the two lists -----------------------------------------------------------------


def _rooms() -> Iterator[type[models.Model]]:
    for model in apps.get_models():
        if model.__module__.split(".")[0] in ("cases", "handover") and not model.__name__.startswith("Historical"):
            yield model


def _of_a_case(model: type[models.Model], seen: frozenset[type[models.Model]] = frozenset()) -> bool:
    """Whether its records belong to a case or its person, by themselves or by what they belong to."""
    if model._meta.label in ("cases.ReturnCase", "cases.Person"):
        return True
    targets = {one.related_model for one in model._meta.concrete_fields if one.is_relation} - seen - {model}
    return any(
        isinstance(one, type) and issubclass(one, models.Model) and _of_a_case(one, seen | {model}) for one in targets
    )


def _texts(model: type[models.Model]) -> set[str]:
    """The columns in which something can be written. What is chosen from a list of ours is no text."""
    kinds = (models.CharField, models.TextField, models.JSONField, ArrayField)
    found = (one for one in model._meta.concrete_fields if isinstance(one, kinds))
    return {str(one.column) for one in found if not one.choices and not getattr(one, "base_field", one).choices}


def test_every_text_on_a_record_of_a_case_is_blankable_or_named_with_a_reason() -> None:
    missing: dict[str, set[str]] = {}
    for model in _rooms():
        table = model._meta.db_table
        if _of_a_case(model) or table in COLUMNS:
            left = _texts(model) - set(COLUMNS.get(table, ())) - set(KEPT.get(table, {}))
            missing |= {table: left} if left else {}

    assert not missing, f"add to COLUMNS (and a migration of pages_redaction_allowed), or to KEPT: {missing}"


def test_what_is_left_for_a_reason_exists_and_is_not_blankable_as_well() -> None:
    tables = {model._meta.db_table: model for model in _rooms()}
    for table, columns in KEPT.items():
        assert set(columns) <= _texts(tables[table]), table
        assert not set(columns) & set(COLUMNS.get(table, ())), table
        assert all(columns.values()), table


def test_the_database_knows_the_history_of_each_table() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tbl, history FROM pages_redaction_allowed()")
        known = dict(cursor.fetchall())
    for model in _rooms():
        if model._meta.db_table in COLUMNS:
            history = getattr(model, "history", None)
            expected = history.model._meta.db_table if history is not None else None
            assert known[model._meta.db_table] == expected


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_table_and_column_has_a_name_of_its_own_language(language: str) -> None:
    from django.utils.translation import override

    with override(language):
        for table in COLUMNS:
            labels = [label for _column, label in acts.column_labels(table)]
            assert acts.table_label(table)
            assert len(set(labels)) == len(labels), (table, labels)


# --- each of them, with its history -----------------------------------------------------------------------------------
def full_case(cast: Cast) -> ReturnCase:
    """One case with a record of every kind that can be blanked."""
    world = World(cast, "casemanager")
    case, today = ReturnCase.objects.get(number=world.own.number), clock.today()
    for one in (
        PersonAlias(person=case.person, name="Anders", source="IND"),
        Address(case=case, street="Laan 1", city="Veenmeer", source="IND", since=today),
        ProtectedAddress(case=case, street="Laan 2", city="Elders", source="IND", since=today),
        Signal(case=case, kind=SignalKind.MEDICAL, source="GZA", noted_on=today),
        VulnerabilityNote(measure_id=world.own.measure, case=case, unit=unit("avim-noord"), text="Angstig"),
        PostponementStep(postponement_id=world.own.postponement, state="requested", on=today, note="x", source="IND"),
        _period_change(case, world.own.decision),
        _stated(cast, case),
        _stop(cast, case),
        _unwatched(cast, case),
    ):
        save_as(one, by=PRINCIPAL)
    ask_access(case, "documents.view", "Brief zoeken", by=cast.coa_receptie)
    duty = reporting.obliged_to_report(cast, case, by=cast.politie, since=today)
    mark_duty(duty, today, "seen", by=cast.politie)
    visited = SupervisionTask.objects.get(request_id=world.own.request)
    record_outcome(visited, visits.visit(), by=cast.politie)
    answer(Request.objects.get(pk=world.own.question), stating(note="Zie dossier"), by=cast.ind)
    judged(cast, filed(cast.gemeente, of=case.person), Finding.MATCHED, case)
    _held(cast, case)
    reply(Incident.objects.get(pk=world.own.incident), "Dit ging mis.", by=cast.manager)
    return case


def _stated(cast: Cast, case: ReturnCase) -> GuardStatement:
    who = {"recorded_by": cast.ind, "unit": cast.ind.acting_unit, "recorded_at": clock.now()}
    return GuardStatement(
        case=case, topic="ferreira", value="done", section="decisions", on=clock.today(), source="IND", **who
    )


def _unwatched(cast: Cast, case: ReturnCase) -> Unwatched:
    row = Unwatched(case=case, key="test:1", rule="period-std", section="procedure", reason="x", since=clock.now())
    row.by, row.unit = cast.ind, cast.ind.acting_unit
    row.end_reason = "x"
    return row


def _stop(cast: Cast, case: ReturnCase) -> Stop:
    return stop_row(case, cast.ind, "detention", scope="measure", measure="M109", section="procedure")


def _period_change(case: ReturnCase, decision: int) -> PeriodChange:
    ground = LegalGround.objects.filter(topic__startswith="period").first() or LegalGround.objects.all()[0]
    days = {"decided_on": clock.today(), "until": clock.today(), "recorded_at": clock.now()}
    return PeriodChange(case=case, decision_id=decision, ground=ground, source="IND", reason="x", **days)


def _held(cast: Cast, case: ReturnCase) -> None:
    """A row of a file that was held because of this case, and what intake decided about it."""
    found = Dossier.objects.filter(case=case).first() or dossier(case)
    who = {"uploaded_by": cast.intake, "uploaded_unit": cast.intake.acting_unit, "uploaded_at": clock.now()}
    file = save_as(DossierFile(name="x.csv", sha256="a" * 64, size=1, stored_as="x", **who), by=PRINCIPAL)
    row = DossierRow.objects.create(file=file, row_number=1, verdict="held", dossier=found)
    decided = {"decided_by": cast.intake, "decided_unit": cast.intake.acting_unit, "decided_at": clock.now()}
    save_as(HeldDecision(row=row, decision=Decision.KEEP, reason="Zelfde", **decided), by=PRINCIPAL)


@dataclass
class Written:
    """Words that nobody else would write, in every text column of a record and in its history."""

    table: str
    key: int
    columns: list[str] = field(default_factory=list)

    @property
    def model(self) -> Any:
        return next(model for model in _rooms() if model._meta.db_table == self.table)

    def rows(self) -> list[dict[str, Any]]:
        """Of the record (unless it went) and of all its versions."""
        history = getattr(self.model, "history", None)
        versions = history.model.objects.filter(id=self.key).values(*self.columns) if history is not None else []
        return [*self.model._base_manager.filter(pk=self.key).values(*self.columns), *versions]


def _try(statement: str, values: Sequence[Any]) -> bool:
    """Not every text may stand in every state of a record: the reason of an ending not before the end."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL ROLE NONE")
            cursor.execute(
                "SELECT set_config('pgtrigger.ignore', array_agg(DISTINCT tgname)::text, true) FROM pg_trigger"
            )
            cursor.execute(statement, values)
            cursor.execute("SET LOCAL ROLE leidraad_app")
            cursor.execute("SELECT set_config('pgtrigger.ignore', '', true)")
    except DatabaseError:
        return False
    return True


def written(table: str, key: int, number: int) -> Written:
    done = Written(table, key)
    history = getattr(done.model, "history", None)
    for place, column in enumerate(COLUMNS[table]):
        if not isinstance(done.model._meta.get_field(column), models.CharField | models.TextField):
            continue
        word = f"{WORD}{number:02d}{place}"
        if _try(f'UPDATE "{table}" SET "{column}" = %s WHERE id = %s', [word, key]):
            done.columns.append(column)
            if history is not None:
                versions = history.model._meta.db_table
                assert _try(f'UPDATE "{versions}" SET "{column}" = %s WHERE id = %s', [f"{word}o", key])
    return done


def records_in_tables(case: ReturnCase) -> dict[str, int]:
    """One record of each kind in the case, whatever it holds."""
    found = {}
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE NONE")
        cursor.execute("SELECT tbl, joined FROM pages_redaction_allowed()")
        for table, joined in cursor.fetchall():
            asked = f'SELECT min(t.id) FROM "{table}" t JOIN cases_returncase c ON {joined} WHERE c.id = %s'
            cursor.execute(asked, [case.pk])
            if (key := cursor.fetchone()[0]) is not None:
                found[table] = key
        cursor.execute("SET LOCAL ROLE leidraad_app")
    return found


def test_only_what_holds_or_held_something_is_offered(cast: Cast, second: Member) -> None:
    """Without content on the page, twenty empty ones of one moment could not be told apart."""
    handover = returned(cast)
    item, other = list(handover.items.order_by("pk")[:2])
    item.text = "Kopie van het paspoort"
    save_as(item, by=PRINCIPAL)
    item.text = ""
    save_as(item, by=PRINCIPAL)

    found = {(one.table, one.key) for one in acts.records_of(handover.case.number, by=cast.privacy)}

    assert ("handover_handoveritem", item.pk) in found
    assert ("handover_handoveritem", other.pk) not in found


def test_each_table_is_blanked_with_all_its_versions_and_its_words_are_nowhere(cast: Cast, second: Member) -> None:
    from tests.pages.test_redactions import everywhere

    case = full_case(cast)
    first = records_in_tables(case)
    assert set(first) == set(COLUMNS), f"this test makes no record of {set(COLUMNS) - set(first)}"

    for number, (table, key) in enumerate(sorted(first.items(), key=lambda one: one[0] == "cases_person")):
        record = written(table, key, number)
        assert record.columns, table
        assert (table, key) in {(one.table, one.key) for one in acts.records_of(case.number, by=cast.privacy)}
        columns = list(COLUMNS[table])
        places = {one.table for one in acts.places_of(table, key, columns, by=second)}
        asked_one = acts.ask_redaction(case.number, table, key, columns, ground="erasure", reason="x", by=cast.privacy)
        acts.approve_redaction(asked_one, by=second)

        history = getattr(record.model, "history", None)
        assert {table, *([history.model._meta.db_table] if history is not None else [])} <= places
        left = {str(value) for row in record.rows() for value in row.values()}
        assert left, table
        assert all(value in ("", "None") or value.startswith("[…]") for value in left), (table, left)
        assert everywhere(f"{WORD}{number:02d}") == [], table

    for address in ("", "geschiedenis/", "besluiten/", "maatregelen/", "persoon/", "toegang/", "gemachtigden/"):
        page = sign_in(Client(), cast.regievoerder).get(f"/zaken/{case.number}/{address}")
        assert page.status_code in (200, 404), address


# --- what the newer tables ask of their own ---------------------------------------------------------------------------


def blanked(case: ReturnCase, table: str, key: int, columns: list[str], cast: Cast, second: Member) -> set[str]:
    """The places that the preview names."""
    places = {one.table for one in acts.places_of(table, key, columns, by=second)}
    asked_one = acts.ask_redaction(
        case.number, table, key, columns, ground="rectification", reason="x", by=cast.privacy
    )
    acts.approve_redaction(asked_one, by=second)
    return places


def test_a_name_goes_where_a_report_a_difference_and_a_referral_repeat_it(cast: Cast, second: Member) -> None:
    who = person(surname="Qxzwater", given_names="Aaltje")
    case = led_case(cast.regievoerder, who)
    shared = {"person": who, "stored_value": "Qxzwater", "stored_source": "IND", "noted_on": clock.today()}
    conflicts = [
        save_as(IdentityConflict(field="surname", offered_value=value, offered_source="AVIM", **shared), by=PRINCIPAL)
        for value in ("Qxzwater A", "Qxzwater B", "Zandstra")
    ]
    referral = judged(cast, filed(cast.gemeente, of=who), Finding.MATCHED, case)

    places = blanked(case, "cases_person", who.pk, ["surname"], cast, second)

    from tests.pages.test_redactions import everywhere

    assert {"cases_identityconflict", "cases_historicalidentityconflict", "handover_referral"} <= places
    assert everywhere("Qxzwater") == []
    offered = [IdentityConflict.objects.get(pk=one.pk).offered_value for one in conflicts]
    assert offered == [f"[…] {conflicts[0].pk}", f"[…] {conflicts[1].pk}", "Zandstra"]
    assert Referral.objects.get(pk=referral.pk).given_names == "Aaltje"


def test_what_an_import_said_of_a_row_is_blanked_with_the_value(cast: Cast, second: Member) -> None:
    case = led_case(cast.regievoerder, person(surname="Qxzwater"))
    _held(cast, case)
    row = DossierRow.objects.get(dossier__case=case)
    row.problem = {"code": "identity_differs", "details": {"shown": "Qxzwater", "limit": 40}}
    row.save()

    places = blanked(case, "cases_person", case.person_id, ["surname"], cast, second)

    row.refresh_from_db()
    assert "handover_dossierrow" in places
    assert row.problem["details"] == {"shown": "[…]", "limit": 40}


def test_of_a_case_only_the_reasons_that_name_its_place_are_blanked(cast: Cast, second: Member) -> None:
    case = led_case(cast.regievoerder)
    case.residence_text = "Qxzstraat 1"
    save_as(case, by=PRINCIPAL, reason="Naar Qxzstraat 1")
    case.refresh_from_db()
    case.residence_text = "Elders"
    save_as(case, by=PRINCIPAL, reason="Zaak bijgewerkt")

    blanked(case, "cases_returncase", case.pk, ["residence_text"], cast, second)

    reasons = set(ReturnCase.history.filter(id=case.pk).values_list("history_change_reason", flat=True))
    assert "Zaak bijgewerkt" in reasons
    assert "[…]" in reasons
    assert not [one for one in reasons if "Qxz" in one]
    assert set(ReturnCase.history.filter(id=case.pk).values_list("residence_text", flat=True)) == {"[…]"}


def test_a_referral_is_of_the_case_that_it_was_matched_to_and_of_no_other(cast: Cast) -> None:
    case, other = led_case(cast.regievoerder), led_case(cast.regievoerder)
    referral = judged(cast, filed(cast.gemeente, of=case.person), Finding.MATCHED, case)

    def found(of: ReturnCase) -> set[int]:
        return {one.key for one in acts.records_of(of.number, by=cast.privacy) if one.table == "handover_referral"}

    assert found(case) == {referral.pk}
    assert found(other) == set()
