"""Blanking for good: two privacy officers, every place, a certificate; and the database believes nobody."""

from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.test import Client

from cases.case.access import access_of
from cases.case.history_page import case_history
from cases.case.models import CaseSearch, Person, PersonAlias, ReturnCase, Signal, SignalKind
from handover.models import DossierVersion, Handover
from leidraad.lib import clock, seal
from leidraad.lib.audit import save_as
from leidraad.lib.errors import NotAllowed, NotPossible
from leidraad.lib.models import Certificate, CertificateKind
from leidraad.lib.who import acting
from leidraad.pages import redaction_acts as acts
from leidraad.pages.models import Redaction, RedactionAct, RedactionStep
from leidraad.pages.redaction_columns import COLUMNS
from partners.models import Member, Notice
from tests.cast import PRINCIPAL, Cast, member_of, sign_in
from tests.factories import led_case, person
from tests.lib.test_seal import verify

pytestmark = pytest.mark.django_db

SECRET = "Zwartewater"


@pytest.fixture(autouse=True)
def _place(settings: Any, tmp_path: Path) -> None:
    settings.SEAL_KEY, settings.SEAL_DIR = tmp_path / "seal.key", tmp_path / "seals"


@pytest.fixture
def second(cast: Cast) -> Member:
    """Another privacy officer of the same unit."""
    return member_of(cast.privacy.acting_unit, "privacy_officer")


@pytest.fixture
def case(cast: Cast) -> ReturnCase:
    """A case whose person has a second name that was wrong, in two versions, and copies of it elsewhere."""
    who = person()
    found = led_case(cast.regievoerder, who)
    alias = save_as(PersonAlias(person=who, name=SECRET, source="IND"), by=PRINCIPAL)
    alias.source = "BVV"
    save_as(alias, by=PRINCIPAL, reason=f"Was {SECRET}")
    notice = Notice(
        unit=cast.regievoerder.acting_unit, kind="x", case_id=found.pk, url_name="cases:detail",
        params={"name": f"de heer {SECRET}", "count": 3}, created_at=clock.now(),
    )  # fmt: skip
    save_as(notice, by=PRINCIPAL)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO celery_outbox (created_at, updated_at, retries, task_id, task_name, args, kwargs, options,"
            " schema_version) VALUES (now(), now(), 0, 'x', 'x', %s, '{}', '{}', 1)",
            [f'["{SECRET.lower()}", 5]'],
        )
    return found


def alias_of(case: ReturnCase) -> PersonAlias:
    return PersonAlias.objects.filter(person=case.person).earliest("pk")


def asked(case: ReturnCase, by: Member, **more: Any) -> Redaction:
    values: dict[str, Any] = {"table": "cases_personalias", "columns": ["name"], **more}
    values.setdefault("key", 0)
    values["key"] = values["key"] or alias_of(case).pk
    table, key, columns = values["table"], values["key"], values["columns"]
    return acts.ask_redaction(case.number, table, key, columns, ground="rectification", reason="Verkeerd", by=by)


def everywhere(word: str) -> list[str]:
    """Every table of ours in which the word still stands, in any column."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE NONE")
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
        )
        found = []
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT EXISTS (SELECT FROM "{table}" t WHERE t::text ILIKE %s)', [f"%{word}%"])
            if cursor.fetchone()[0]:
                found.append(table)
        cursor.execute("SET LOCAL ROLE leidraad_app")
    return sorted(found)


def test_the_preview_counts_every_place_and_the_word_is_nowhere_afterwards(
    cast: Cast, case: ReturnCase, second: Member
) -> None:
    before = everywhere(SECRET)
    redaction = asked(case, cast.privacy)
    preview = {place.table for place in acts.places_of("cases_personalias", redaction.key, ["name"], by=second)}

    acts.approve_redaction(redaction, by=second)

    assert set(before) <= preview, set(before) - preview
    assert {"cases_historicalpersonalias", "cases_casesearch", "partners_notice", "celery_outbox"} <= set(before)
    assert everywhere(SECRET) == []


def test_a_tombstone_stands_in_its_place_and_nothing_else_is_touched(
    cast: Cast, case: ReturnCase, second: Member
) -> None:
    other = save_as(PersonAlias(person=case.person, name="Blijft", source="BVV"), by=PRINCIPAL)
    redaction = asked(case, cast.privacy, key=PersonAlias.objects.get(name=SECRET).pk)

    acts.approve_redaction(redaction, by=second)

    alias = PersonAlias.objects.get(pk=redaction.key)
    tombstone = f"[…] {alias.pk}"
    assert (alias.name, alias.source) == (tombstone, "BVV")
    assert [row.name for row in alias.history.all()] == [tombstone, tombstone]
    other.refresh_from_db()
    assert other.name == "Blijft"
    assert "blijft" in CaseSearch.objects.get(case=case).names
    notice = Notice.objects.get(kind="x")
    assert notice.params == {"name": "[…]", "count": 3}
    shown = case_history(case, access_of(cast.regievoerder, case)).changes
    assert SECRET not in str(shown)
    page = sign_in(Client(), cast.regievoerder).get(f"/zaken/{case.number}/geschiedenis/").content.decode()
    assert "Leeggemaakt" in page


def test_the_seals_still_hold_and_name_the_certificate(cast: Cast, case: ReturnCase, second: Member) -> None:
    seal.seal_now()
    done = acts.approve_redaction(asked(case, cast.privacy), by=second)

    said, well = verify()

    assert well, said
    certificate = Certificate.objects.get(pk=done.certificate_id or 0)
    assert certificate.kind == CertificateKind.REDACTION
    assert certificate.done_by == f"{cast.privacy.display_name}, {second.display_name}"
    assert f"3 rows as certificate {certificate.pk} says: {case.number} cases_personalias" in said


def test_a_row_blanked_twice_still_verifies(cast: Cast, case: ReturnCase, second: Member) -> None:
    """The notice holds both names: the first redaction changes it, and the second one again."""
    other = save_as(PersonAlias(person=case.person, name="Oudewater", source="BVV"), by=PRINCIPAL)
    notice = Notice.objects.get(kind="x")
    notice.params = {"name": SECRET, "other": "Oudewater"}
    save_as(notice, by=PRINCIPAL)
    seal.seal_now()
    first = asked(case, cast.privacy, key=PersonAlias.objects.get(name=SECRET).pk)
    acts.approve_redaction(first, by=second)
    acts.approve_redaction(asked(case, cast.privacy, key=other.pk), by=second)

    said, well = verify()

    assert well, said
    assert everywhere("Oudewater") == []


def test_a_change_beside_the_redaction_is_still_found(cast: Cast, case: ReturnCase, second: Member) -> None:
    seal.seal_now()
    acts.approve_redaction(asked(case, cast.privacy), by=second)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL ROLE NONE")
        cursor.execute("ALTER TABLE cases_historicalpersonalias DISABLE TRIGGER USER")
        cursor.execute("UPDATE cases_historicalpersonalias SET source = 'anders'")
        cursor.execute("SET LOCAL ROLE leidraad_app")

    said, well = verify()

    assert not well
    assert "cases_historicalpersonalias" in said
    assert "was changed after it was sealed" in said


def test_a_person_is_blanked_in_the_frozen_copies_of_handovers_too(cast: Cast, second: Member) -> None:
    from handover.actions import accept_handover, mark_opened
    from tests.factories import received_case
    from tests.handover.hand import offered

    who = person(surname=SECRET, given_names="Aaltje")
    handover = mark_opened(offered(received_case(who)), by=cast.intake)
    handover = accept_handover(handover, team=cast.regievoerder.acting_unit, director=cast.regievoerder, by=cast.intake)
    case = ReturnCase.objects.get(pk=handover.case_id)
    assert SECRET in str(handover.frozen)

    redaction = asked(
        case, cast.privacy, table="cases_person", key=who.pk, columns=["surname", "given_names", "birth_year"]
    )
    acts.approve_redaction(redaction, by=second)

    handover = Handover.objects.get(pk=handover.pk)
    assert handover.frozen["person"]["surname"] == "[…]"
    assert handover.frozen["person"]["birth_year"] is None
    assert handover.frozen["person"]["v_number"] == who.v_number
    assert SECRET not in str(list(DossierVersion.objects.values_list("content", flat=True)))
    assert everywhere(SECRET) == []
    assert Person.objects.get(pk=who.pk).birth_year is None
    assert sign_in(Client(), cast.regievoerder).get(f"/zaken/{case.number}/").status_code == 200


def test_a_signal_goes_whole_because_that_it_was_there_tells_enough(
    cast: Cast, case: ReturnCase, second: Member
) -> None:
    signal = save_as(Signal(case=case, kind=SignalKind.MEDICAL, source="GZA", noted_on=clock.today()), by=PRINCIPAL)
    seal.seal_now()

    redaction = asked(case, cast.privacy, table="cases_signal", key=signal.pk, columns=["kind", "source"])
    acts.approve_redaction(redaction, by=second)

    assert not Signal.objects.filter(pk=signal.pk).exists()
    rows = Signal.history.model.objects.filter(id=signal.pk)
    assert sorted((row.history_type, row.kind, row.source) for row in rows) == [("+", "", ""), ("-", "", "")]
    assert verify()[1]
    assert sign_in(Client(), cast.regievoerder).get(f"/zaken/{case.number}/geschiedenis/").status_code == 200


# --- two persons ------------------------------------------------------------------------------------------------------


def test_who_asked_does_not_approve(cast: Cast, case: ReturnCase) -> None:
    with pytest.raises(NotPossible, match=r"yourself|zelf"):
        acts.approve_redaction(asked(case, cast.privacy), by=cast.privacy)

    assert alias_of(case).name == SECRET


def test_only_privacy_officers_ask_and_approve(cast: Cast, case: ReturnCase) -> None:
    for member in (cast.regievoerder, cast.manager, cast.auditor, cast.beheer):
        with pytest.raises(NotAllowed):
            asked(case, member)
    redaction = asked(case, cast.privacy)
    for member in (cast.regievoerder, cast.auditor):
        with pytest.raises(NotAllowed):
            acts.approve_redaction(redaction, by=member)


def test_a_rejected_or_withdrawn_one_is_never_done(cast: Cast, case: ReturnCase, second: Member) -> None:
    rejected, withdrawn = asked(case, cast.privacy), asked(case, cast.privacy)
    assert acts.reject_redaction(rejected, "Klopt wel", by=second).act == RedactionAct.REJECTED
    assert acts.reject_redaction(withdrawn, "Vergissing", by=cast.privacy).act == RedactionAct.WITHDRAWN

    for redaction in (rejected, withdrawn):
        with pytest.raises(NotPossible):
            acts.approve_redaction(redaction, by=second)
    assert alias_of(case).name == SECRET


def call(redaction: Redaction, by: Member) -> None:
    who = acting(by.acting_unit_id, by.acting_group_id, by.pk)
    with who, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pages_redact(%s)", [redaction.pk])


def approved(redaction: Redaction, by: Member) -> None:
    """As somebody would who can write rows as the web does, past the program."""
    RedactionStep.objects.create(redaction=redaction, act=RedactionAct.APPROVED, member=by, at=clock.now())


def test_the_database_refuses_without_an_approval(cast: Cast, case: ReturnCase) -> None:
    with pytest.raises(DatabaseError, match="not approved"):
        call(asked(case, cast.privacy), cast.privacy)


def test_the_database_refuses_one_person_twice(cast: Cast, case: ReturnCase) -> None:
    redaction = asked(case, cast.privacy)
    approved(redaction, cast.privacy)

    with pytest.raises(DatabaseError, match="the same person"):
        call(redaction, cast.privacy)


def test_the_database_refuses_who_is_no_privacy_officer(cast: Cast, case: ReturnCase) -> None:
    redaction = asked(case, cast.privacy)
    approved(redaction, cast.manager)

    with pytest.raises(DatabaseError, match="not two privacy officers"):
        call(redaction, cast.manager)


def test_the_database_refuses_an_officer_whose_membership_ended(cast: Cast, case: ReturnCase, second: Member) -> None:
    redaction = asked(case, cast.privacy)
    approved(redaction, second)
    for membership in second.memberships.all():
        membership.valid_until = membership.valid_from
        save_as(membership, by=PRINCIPAL)

    with pytest.raises(DatabaseError, match="not two privacy officers"):
        call(redaction, second)


def test_the_database_refuses_a_second_time(cast: Cast, case: ReturnCase, second: Member) -> None:
    redaction = asked(case, cast.privacy)
    acts.approve_redaction(redaction, by=second)

    with pytest.raises(DatabaseError, match="done already"):
        call(redaction, second)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"table": "partners_member", "columns": ["password"]}, "may not be blanked"),
        ({"columns": ["person_id"]}, "may not be blanked"),
        ({"case_number": "Z-2026-999999"}, "not a record of this case"),
    ],
)
def test_the_database_refuses_what_may_not_be_blanked(
    cast: Cast, case: ReturnCase, second: Member, changes: dict[str, Any], words: str
) -> None:
    values: dict[str, Any] = {
        "case_number": case.number, "table": "cases_personalias", "key": alias_of(case).pk, "columns": ["name"],
        "ground": "erasure", "reason": "x", "asked_by": cast.privacy, "asked_at": clock.now(), **changes,
    }  # fmt: skip
    redaction = Redaction.objects.create(**values)
    approved(redaction, second)

    with pytest.raises(DatabaseError, match=words):
        call(redaction, second)


def test_the_database_refuses_an_approval_of_somebody_who_is_not_acting(
    cast: Cast, case: ReturnCase, second: Member
) -> None:
    """Rows can be written by whoever is in the web's place; who is acting is what the request said."""
    redaction = asked(case, cast.privacy)
    approved(redaction, second)

    with pytest.raises(DatabaseError, match="not who is acting"):
        call(redaction, cast.privacy)


def test_what_records_a_case_has_is_told_to_acting_privacy_officers_only(cast: Cast, case: ReturnCase) -> None:
    assert acts.records_of(case.number, by=cast.privacy)
    for member in (cast.regievoerder, cast.auditor, cast.beheer):
        with pytest.raises(DatabaseError, match="no privacy officer is acting"), transaction.atomic():
            acts.records_of(case.number, by=member)
    with pytest.raises(DatabaseError, match="acting"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM pages_redaction_records(%s)", [case.number])


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE pages_redaction SET asked_by_id = asked_by_id",
        "DELETE FROM pages_redactionstep",
        "UPDATE lib_certificate SET rows = 0",
        "SELECT pages_redaction_rows('cases_person', 1, ARRAY['surname'])",
        "SELECT pages_redaction_pattern('cases_person', 1, ARRAY['surname'])",
    ],
)
def test_the_web_can_change_no_request_and_read_no_content(cast: Cast, case: ReturnCase, statement: str) -> None:
    asked(case, cast.privacy)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_what_the_pages_offer_is_what_the_database_allows() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tbl, columns FROM pages_redaction_allowed()")
        allowed = {table: tuple(columns) for table, columns in cursor.fetchall()}

    assert allowed == COLUMNS
    for table in allowed:
        assert acts.column_labels(table)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_approve_at_once_one_is_told(cast: Cast, case: ReturnCase, second: Member) -> None:
    third = member_of(cast.privacy.acting_unit, "privacy_officer")
    redaction, answers, start = asked(case, cast.privacy), [], Barrier(2)

    def approve(member: Member) -> None:
        start.wait()
        try:
            acts.approve_redaction(redaction, by=member)
            answers.append("done")
        except NotPossible:
            answers.append("told")
        finally:
            connections.close_all()

    threads = [Thread(target=approve, args=[member]) for member in (second, third)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == ["done", "told"]
    assert alias_of(case).name.startswith("[…]")


# --- pages ------------------------------------------------------------------------------------------------------------


def test_from_the_case_number_to_the_proof_without_a_word_of_the_content(
    cast: Cast, case: ReturnCase, second: Member
) -> None:
    officer, reader = sign_in(Client(), cast.privacy), sign_in(Client(), second)
    chosen = officer.get(f"/privacy/leegmaken/kiezen/?zaak={case.number}")
    address = f"/privacy/leegmaken/kiezen/{case.number}/cases_personalias/{alias_of(case).pk}/"
    assert address in chosen.content.decode()
    form = officer.get(address)
    assert officer.post(address, {}).status_code == 422
    sent = officer.post(address, {"columns": ["name"], "ground": "erasure", "reason": "Verzoek 12"}, follow=True)
    redaction = Redaction.objects.get()
    assert Notice.objects.filter(kind="redaction_asked", url_arg=str(redaction.pk)).exists()

    page = reader.get(f"/privacy/leegmaken/{redaction.pk}/")
    proof = reader.post(f"/privacy/leegmaken/{redaction.pk}/", {"act": "approve"}, follow=True)

    assert "Bewijs van leegmaken" in proof.content.decode()
    assert "de geschiedenis ervan" in page.content.decode()
    for seen in (chosen, form, sent, page, proof):
        assert SECRET not in seen.content.decode()
        assert case.person.surname not in seen.content.decode()


def test_the_start_page_of_the_privacy_officer_leads_here(cast: Cast) -> None:
    assert 'href="/privacy/leegmaken/"' in sign_in(Client(), cast.privacy).get("/mijn-werk/").content.decode()
