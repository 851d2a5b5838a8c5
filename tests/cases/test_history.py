"""Geschiedenis: field, was, is now, who, for which organisation, when and why, under the rights of today."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.text import capfirst
from django.utils.translation import override

from cases.case.access import access_of
from cases.case.actions import NewAxis, add_task, assign_director, change_phase, lock_case, record_next_step, set_axis
from cases.case.grants import end_involvement
from cases.case.history import FieldChange, field_label, fields_of, history_of, source_of, sources
from cases.case.history_page import case_history
from cases.case.models import (
    Axis,
    CaseGrant,
    InvolvementGround,
    NamedAccess,
    Part,
    PersonAlias,
    Phase,
    ProtectedAddress,
    ReturnCase,
    Signal,
    SignalKind,
    TaskKind,
)
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from leidraad.lib.display import MASKED
from partners.models import Member
from tests.cast import PRINCIPAL, Cast, member_of
from tests.factories import at_site, involve, led_case, unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(cast: Cast) -> ReturnCase:
    return at_site(led_case(cast.regievoerder), unit("azc-veenmeer"))


def seen(member: Member, case: ReturnCase, **more: Any) -> list[FieldChange]:
    case.refresh_from_db()
    return case_history(case, access_of(member, case), **more).changes


def of_field(changes: list[FieldChange], name: str, record: str = "Zaak") -> list[FieldChange]:
    return [change for change in changes if change.name == name and change.record == record]


def test_a_change_tells_field_was_now_who_organisation_and_why(cast: Cast, case: ReturnCase) -> None:
    change_phase(case, Phase.TRACK_FORCED, by=cast.regievoerder, reason="Weigert elke medewerking")

    (change, *_rest) = of_field(seen(cast.regievoerder, case), "phase")

    assert (change.field, change.was, change.now) == ("Fase", "Vertrekplan maken", "Gedwongen vertrek")
    assert (change.who, change.organisation) == ("M. Hofstra", "DT&V")
    assert change.reason == "Weigert elke medewerking"
    assert abs(change.when - clock.now()) < timedelta(minutes=1)


def test_names_dates_and_units_are_words_and_not_keys(cast: Cast, case: ReturnCase) -> None:
    colleague = member_of(unit("dtv-noord-2"), "case_director", "collega")
    assign_director(case, colleague, by=cast.manager, reason="Caseload")
    record_next_step(case, "Gesprek", clock.end_of(clock.today()), by=cast.regievoerder)

    changes = seen(cast.regievoerder, case)

    (director, *_rest) = of_field(changes, "director")
    assert (director.was, director.now) == ("M. Hofstra", str(colleague))
    (led_by, *_rest) = of_field(changes, "led_by")
    assert led_by.now == "DT&V Team Noord 2"
    assert "Algerijnse" in {change.now for change in of_field(changes, "nationality", "Persoon")}
    assert not any(str(change.now).isdigit() and change.name.endswith(("unit", "director")) for change in changes)


def test_reasons_that_acts_give_by_themselves_are_in_the_readers_language(cast: Cast, case: ReturnCase) -> None:
    record_next_step(case, "Gesprek", clock.end_of(clock.today()), by=cast.regievoerder)
    record_next_step(case, "Volgend gesprek", clock.end_of(clock.today()), by=cast.regievoerder)

    reasons = {str(change.reason) for change in seen(cast.regievoerder, case)}

    assert "Vorige stap gedaan" in reasons
    assert "Former next step done" not in reasons


# --- rights ---------------------------------------------------------------------------------------------------------


def test_a_masked_field_is_masked_on_both_sides_and_so_is_its_reason(cast: Cast, case: ReturnCase) -> None:
    with transaction.atomic():
        axis = NewAxis(Axis.REMOVABILITY, "removable", clock.today(), "IND")
        set_axis(lock_case(case), axis, by=cast.ind, reason="Antwoord op vraag")

    (coa,) = [
        c for c in of_field(seen(cast.casemanager, case), "removability") if c.when > clock.now() - timedelta(minutes=1)
    ][:1]
    (dtv, *_rest) = of_field(seen(cast.regievoerder, case), "removability")

    assert (coa.was, coa.now, coa.reason) == (MASKED, MASKED, MASKED)
    assert (dtv.was, dtv.now, dtv.reason) == ("Onbekend", "Verwijderbaar", "Antwoord op vraag")


@pytest.mark.parametrize("kind", [SignalKind.MEDICAL, SignalKind.PUBLIC_ORDER])
def test_a_signal_one_may_not_know_is_absent_from_history(cast: Cast, case: ReturnCase, kind: SignalKind) -> None:
    before = seen(cast.casemanager, case)
    save_as(Signal(case=case, kind=kind, source="COA", noted_on=clock.today()), by=PRINCIPAL, reason="Gemeld")

    assert seen(cast.casemanager, case) == before
    assert any(str(kind.label) in change.record for change in seen(cast.regievoerder, case))


def test_a_protected_address_is_in_nobodys_history_but_of_named_staff(cast: Cast, case: ReturnCase) -> None:
    address = ProtectedAddress(case=case, street="Geheimweg 1", source="COA", since=clock.today())
    save_as(address, by=PRINCIPAL)
    assert not any("Geheimweg" in str(change.now) for change in seen(cast.regievoerder, case))
    assert not any("eschermd" in change.record for change in seen(cast.manager, case))

    now = clock.now()
    named = NamedAccess(
        member=cast.regievoerder,
        case=case,
        section="protected_address",
        ground="Aangewezen",
        since=now - timedelta(hours=1),
        until=now + timedelta(days=1),
    )
    save_as(named, by=PRINCIPAL)

    assert any("Geheimweg" in str(change.now) for change in seen(cast.regievoerder, case))
    assert not any("beschermd" in change.record for change in seen(cast.manager, case))


def test_the_rights_of_today_hold_for_old_versions(cast: Cast, case: ReturnCase) -> None:
    """Police involved since today reads the whole course of removability; nothing of it once its part ended."""
    with transaction.atomic():
        set_axis(lock_case(case), NewAxis(Axis.REMOVABILITY, "not_yet", clock.today(), "IND"), by=cast.ind, reason="x")
    involve(case, unit("avim-noord"), Part.SUPERVISION)
    assert of_field(seen(cast.politie, case), "removability")[0].now == "Nog niet verwijderbaar"

    running = case.involvements.running().get(part=Part.SUPERVISION)
    with transaction.atomic():
        end_involvement(running, by=PRINCIPAL, reason="Klaar")

    assert not CaseGrant.objects.filter(content_object=case, group=unit("avim-noord").group).exists()
    assert all(change.now is MASKED for change in seen(cast.politie, case))


def test_another_units_tasks_and_persons_stay_theirs(cast: Cast, case: ReturnCase) -> None:
    record_next_step(case, "Strategie bespreken", clock.end_of(clock.today()), by=cast.regievoerder)
    change_phase(case, Phase.TRACK_FORCED, by=cast.regievoerder, reason="Weigert")

    changes = seen(cast.casemanager, case)

    assert not any("Strategie" in f"{change.record} {change.now}" for change in changes)
    assert {change.who for change in of_field(changes, "phase") if change.was == "Vertrekplan maken"} == {
        "Team Noord 2"
    }
    assert "M. Hofstra" not in {change.now for change in of_field(changes, "director")}


def test_why_something_was_decided_stays_inside_the_organisation_that_decided(cast: Cast, case: ReturnCase) -> None:
    colleague = member_of(unit("dtv-noord-2"), "case_director", "collega")
    assign_director(case, colleague, by=cast.manager, reason="M. Hofstra is ziek")
    change_phase(case, Phase.TRACK_FORCED, by=cast.regievoerder, reason="Weigert elke medewerking")
    record_next_step(case, "Gesprek", clock.end_of(clock.today()), by=cast.regievoerder)

    coa, dtv = seen(cast.casemanager, case), seen(cast.regievoerder, case)

    (phase, *_rest), (director, *_more) = of_field(coa, "phase"), of_field(coa, "director")
    assert (phase.now, phase.reason, director.reason) == ("Gedwongen vertrek", MASKED, MASKED)
    assert {"M. Hofstra is ziek", "Weigert elke medewerking"} <= {str(change.reason) for change in dtv}


def test_an_escort_is_not_in_the_history_of_partners(cast: Cast, case: ReturnCase) -> None:
    involve(case, unit("kmar-maasvliet"), Part.ESCORT)

    assert not any("Maasvliet" in change.record for change in seen(cast.casemanager, case))
    assert any("Maasvliet" in change.record for change in seen(cast.regievoerder, case))


# --- filters and pages ----------------------------------------------------------------------------------------------


def test_filtering_by_kind_and_by_field(cast: Cast, case: ReturnCase) -> None:
    save_as(PersonAlias(person=case.person, name="Andere", source="IND"), by=PRINCIPAL)
    change_phase(case, Phase.TRACK_FORCED, by=cast.regievoerder, reason="Weigert")

    by_kind = seen(cast.regievoerder, case, kind="cases.personalias")
    by_field = seen(cast.regievoerder, case, name="phase")

    assert {change.record for change in by_kind} == {"Andere naam"}
    assert {change.name for change in by_field} == {"phase"}


def test_pages_follow_each_other_without_loss_or_repetition(cast: Cast, case: ReturnCase) -> None:
    for number in range(130):
        save_as(PersonAlias(person=case.person, name=f"Naam {number:03}", source="IND"), by=PRINCIPAL)
    case.refresh_from_db()
    access = access_of(cast.regievoerder, case)
    names: list[str] = []
    before = None
    for _page in range(10):
        page = case_history(case, access, kind="cases.personalias", before=before)
        names += [str(change.now) for change in page.changes if change.name == "name"]
        before = page.older
        if before is None:
            break

    assert names == [f"Naam {number:03}" for number in reversed(range(130))]


def test_a_history_that_is_cut_still_knows_the_version_before(cast: Cast, case: ReturnCase) -> None:
    from cases.case.history import steps_of_case

    for phase in (Phase.TRACK_FORCED, Phase.TRACK_VOLUNTARY, Phase.TRACK_MEDIATION):
        change_phase(case, phase, by=cast.regievoerder, reason="x")
    access = access_of(cast.regievoerder, case)

    (newest,) = steps_of_case(case, cast.regievoerder, access.can, only={"cases.returncase"}, limit=1)

    assert (newest.was("phase"), newest.now("phase")) == (Phase.TRACK_VOLUNTARY, Phase.TRACK_MEDIATION)


def test_reading_history_costs_the_same_however_long_it_is(cast: Cast, case: ReturnCase) -> None:
    access = access_of(cast.regievoerder, case)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            case_history(case, access)
        return len(queries)

    save_as(PersonAlias(person=case.person, name="Eerste", source="IND"), by=PRINCIPAL)
    record_next_step(case, "Begin", clock.end_of(clock.today()), by=cast.regievoerder)
    few = cost()
    for number in range(20):
        record_next_step(case, f"Stap {number}", clock.end_of(clock.today()), by=cast.regievoerder)
        save_as(PersonAlias(person=case.person, name=f"Naam {number}", source="IND"), by=PRINCIPAL)
        with transaction.atomic():
            add_task(lock_case(case), unit("dtv-noord-2"), TaskKind.OTHER, f"Taak {number}", by=cast.manager)

    assert cost() <= few


# --- the registry ---------------------------------------------------------------------------------------------------


def test_one_record_has_its_history_for_a_page_of_its_own(cast: Cast, case: ReturnCase) -> None:
    task = record_next_step(case, "Gesprek", clock.end_of(clock.today()), by=cast.regievoerder)

    own = history_of(task, cast.regievoerder)

    assert [change.now for change in own if change.name == "title"] == ["Gesprek"]
    assert history_of(task, cast.casemanager) == []
    assert history_of([], cast.regievoerder) == []


def test_every_recorded_model_of_a_case_is_registered() -> None:
    """A model that hangs on a case and is not registered would be missing from its history unnoticed."""
    from django.apps import apps

    registered = {source.model for source in sources()}
    forgotten = {
        model._meta.label
        for model in apps.get_models()
        if hasattr(model, "history")
        and any(field.related_model is ReturnCase for field in model._meta.fields)
        and model not in registered
    }

    assert forgotten <= {"cases.CaseGrant"}  # follows from involvements, which are registered


def test_every_field_that_a_reader_is_shown_has_a_dutch_name() -> None:
    """The name in the code is English; a few words are the same in both."""
    same = {"status", "team", "postcode", "document"}
    with override("nl"):
        english = [
            f"{source.key}.{field.name}"
            for source in sources()
            for field in fields_of(source)
            if field_label(source, field) == capfirst(str(field.verbose_name)) and field.name not in same
        ]

    assert english == []


def test_a_model_without_registration_is_named() -> None:
    with pytest.raises(LookupError, match=r"cases\.casegrant"):
        source_of(CaseGrant)


def test_every_source_can_be_read_by_its_path_to_the_case(cast: Cast, case: ReturnCase) -> None:
    for source in sources():
        list(source.model._base_manager.filter(**{source.case_path: case.pk}))


def test_grounds_are_words(cast: Cast, case: ReturnCase) -> None:
    grounds = {change.now for change in seen(cast.regievoerder, case) if change.name == "ground"}

    assert "locatie" in grounds
    assert InvolvementGround.LOCATION not in grounds
