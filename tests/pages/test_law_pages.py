"""*Besluiten*: who records what on which page, what is confirmed first, and what others read of it."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases.case.actions import close_case
from cases.case.models import Household, Part, ReturnCase
from cases.procedure.actions.decisions import Notification, replace_decision
from cases.procedure.actions.postponements import NewStep, begin_postponement
from cases.procedure.actions.procedures import NewProcedure, begin_procedure, record_step
from cases.procedure.actions.remedies import record_ruling
from cases.procedure.law_lines import law_of
from cases.procedure.models import Decision, Postponement, Procedure, Regime, Remedy, TransferClaim
from leidraad.lib.audit import save_as
from leidraad.lib.errors import NotPossible
from partners.models import Member
from tests.cast import PRINCIPAL, Cast, sign_in
from tests.factories import involve, unit
from tests.procedure.law import (
    accepted_claim,
    begun,
    days_ago,
    decided,
    decision_kind,
    in_procedure,
    legal_ground,
    lodged,
    postponement_kind,
    procedure_kind,
    refusing,
    step_kind,
)

pytestmark = pytest.mark.django_db


def url(name: str, case: ReturnCase, *args: Any) -> str:
    return reverse(f"cases:{name}", args=[case.number, *args])


def page_of(member: Member, case: ReturnCase) -> str:
    response = sign_in(Client(), member).get(url("decisions", case))
    assert response.status_code == 200
    return response.content.decode()


def household(*cases: ReturnCase) -> None:
    of = save_as(Household(supplier="IND", key="g1"), by=PRINCIPAL)
    for case in cases:
        case.household, case.household_role = of, "other"
        save_as(case, by=PRINCIPAL)


def day(count: int) -> str:
    return f"{days_ago(count):%d-%m-%Y}"


# --- what is shown ---------------------------------------------------------------------------------------------------


def test_an_empty_page_says_what_is_not_recorded_and_offers_ind_the_first_step(cast: Cast) -> None:
    case = in_procedure(cast)

    html = page_of(cast.ind, case)

    assert "Er is nog geen besluit vastgelegd." in html
    assert url("law-decision-new", case) in html
    assert url("law-decision-new", case) not in page_of(cast.regievoerder, case)


def test_the_picture_says_what_was_done_passed_over_and_comes_next(cast: Cast) -> None:
    case, lodged_on = in_procedure(cast), date(2026, 3, 2)
    procedure = begin_procedure(case, NewProcedure(procedure_kind("general_6"), Regime.FORMER, lodged_on), by=cast.ind)
    record_step(procedure, step_kind("general_6", "day_2"), lodged_on + timedelta(days=9), by=cast.ind)

    html = page_of(cast.regievoerder, case)

    assert "Laatste stap: correcties en aanvullingen op 11 maart 2026." in html
    assert "Hierna: besluit." in html
    assert "overgeslagen: niet vastgelegd" in html  # the hearing of day 1
    assert "oud recht" in html


def test_the_day_of_lodging_needs_no_step_of_its_own(cast: Cast) -> None:
    case = in_procedure(cast)
    begun(case, cast.ind, "accelerated", lodged=30)

    html = page_of(cast.ind, case)

    assert "nog geen stap vastgelegd. Hierna: besluit." in html


def test_a_decision_shows_its_remedies_with_effect_and_rule(cast: Cast) -> None:
    case = in_procedure(cast)
    decision = decided(case, cast.ind, refusing(procedure=begun(case, cast.ind)))
    lodged(decision, cast.ind)

    html = page_of(cast.regievoerder, case)

    for words in ("Ongegrond", "28 dagen", "Algerije", "Beroep", "Vw 82(1); APR 68(1)", "schort op"):
        assert words in html
    assert "Uitzetting wacht tot de rechter heeft beslist." in html


def test_a_replaced_decision_stays_readable_with_the_reason(cast: Cast) -> None:
    case = in_procedure(cast)
    former = decided(case, cast.ind)
    replace_decision(former, refusing(decided=2, told=1), "Nieuw besluit na beroep", by=cast.ind, correction=False)

    html = page_of(cast.ind, case)

    assert "Geldt niet meer, omdat:" in html
    assert "Nieuw besluit na beroep" in html


def test_only_who_follows_the_procedure_reads_a_decision_before_the_person_is_told(cast: Cast) -> None:
    from tests.factories import consented

    case = in_procedure(cast)
    consented(case, "vwn")
    involve(case, unit("vwn-veenmeer"), Part.SUPPORT, "consent")
    decided(case, cast.ind, refusing(told=None))
    lodged(decided(case, cast.ind, refusing("inadmissible", told=19)), cast.ind)

    theirs = page_of(cast.vwn, case)

    assert "Niet-ontvankelijk" in theirs
    assert "Ongegrond" not in theirs
    assert "Beroep" not in theirs
    assert "Ongegrond" in page_of(cast.regievoerder, case)


def test_a_medical_ground_shows_to_ind_and_the_lead_and_leaves_others_no_trace(cast: Cast) -> None:
    case = in_procedure(cast)
    involve(case, unit("dtv-uitvoering"), Part.DEPARTURE)
    begin_postponement(case, postponement_kind("art64"), NewStep("requested", days_ago(3)), by=cast.ind)

    assert "Uitstel om medische redenen" in page_of(cast.ind, case)
    assert "Uitstel om medische redenen" in page_of(cast.regievoerder, case)
    assert "medische" not in page_of(cast.ua, case)


def test_what_the_viewer_may_not_read_is_left_out_before_any_wall(cast: Cast) -> None:
    case = in_procedure(cast)
    lodged(decided(case, cast.ind), cast.ind)
    for kind, state in (("art64", "requested"), ("moratorium", "granted")):
        begin_postponement(case, postponement_kind(kind), NewStep(state, days_ago(3)), by=cast.ind)

    # In the hands of a test the database shows everything: what is left out here, the rooms leave out themselves.
    told = law_of(case, lambda capability: capability == "decisions.view")
    put_off = law_of(case, lambda capability: capability == "postponement.view")

    assert (len(told.decisions), told.decisions[0].remedies, told.postponements) == (1, [], [])
    assert [line.one.kind.code for line in put_off.postponements] == ["moratorium"]  # type: ignore[attr-defined]


def test_ind_sees_no_talks_no_strategy_and_no_incidents_here(cast: Cast) -> None:
    html = page_of(cast.ind, in_procedure(cast))

    for name in ("vertrekplan", "gesprek", "incident", "strategie"):
        assert name not in html.lower()


# --- recording -------------------------------------------------------------------------------------------------------


def filled(kind: str = "unfounded", **more: Any) -> dict[str, Any]:
    values = {
        "kind": decision_kind(kind).pk,
        "decided_on": day(20),
        "authority": "ind",
        "regime": "pact",
        "is_return_decision": "on",
        "country": "DZA",
        "period_days": "28",
        "notified_on": day(19),
        "notified_how": "in_person",
    }
    return values | more


def test_a_decision_is_shown_once_more_before_it_is_recorded(cast: Cast) -> None:
    case, client = in_procedure(cast), sign_in(Client(), cast.ind)
    target = url("law-decision-new", case)

    before = client.post(target, filled())
    assert before.status_code == 200
    assert "Dit besluit vastleggen?" in before.content.decode()
    assert "Team Noord 2" in before.content.decode()  # who hears of it
    assert not Decision.objects.exists()
    after = client.post(target, filled() | {"confirm": "yes"})

    assert after.status_code == 302
    assert Decision.objects.get().countries == ["DZA"]


def test_going_back_from_the_second_page_keeps_what_was_filled_in_and_records_nothing(cast: Cast) -> None:
    case, client = in_procedure(cast), sign_in(Client(), cast.ind)
    target = url("law-decision-new", case)

    back = client.post(target, filled(notified_language="tir") | {"back": "yes"})

    assert back.status_code == 200
    assert back.context["form"]["notified_language"].value() == "tir"
    assert not Decision.objects.exists()
    decision = decided(case, cast.ind)
    again = client.post(
        url("law-remedy-new", case, decision.pk), {"kind": "appeal", "lodged_on": day(3), "back": "yes"}
    )
    assert (again.status_code, Remedy.objects.exists()) == (200, False)


def test_an_entry_ban_for_a_minor_is_warned_of_and_a_household_is_recorded_at_once(cast: Cast) -> None:
    case, child = in_procedure(cast), in_procedure(cast, given_names="Lina", birth_year=2015)
    household(case, child)
    client, target = sign_in(Client(), cast.ind), url("law-decision-new", case)
    ban: dict[str, Any] = {
        "ban_years": "2",
        "ban_ground": legal_ground("entry_ban", "standard").pk,
        "others": [child.number],
    }

    assert f'value="{child.number}" ' in client.get(target).content.decode()
    warned = client.post(target, filled(**ban)).content.decode()
    assert "een inreisverbod voor minderjarigen is uitgesloten (Vw 66a; Vb 6.5)" in warned
    client.post(target, filled(**ban, without_ban=[child.number], confirm="yes"))

    rows = {one.case_id: one.ban_years for one in Decision.objects.all()}
    assert rows == {case.pk: 2, child.pk: None}


def test_a_relative_in_whose_case_ind_records_nothing_cannot_be_ticked(cast: Cast) -> None:
    from tests.factories import led_case, person

    case, foreign = in_procedure(cast), led_case(cast.regievoerder, person())
    household(case, foreign)

    response = sign_in(Client(), cast.ind).post(
        url("law-decision-new", case), filled(others=[foreign.number], without_ban=[foreign.number], confirm="yes")
    )

    assert not Decision.objects.filter(case=foreign).exists()
    assert foreign.number not in response.content.decode()


def test_a_procedure_of_another_case_cannot_be_chosen(cast: Cast) -> None:
    case, other = in_procedure(cast), in_procedure(cast)
    foreign, missing = begun(other, cast.ind), 999999
    client = sign_in(Client(), cast.ind)

    answers = [
        client.post(url("law-decision-new", case), filled(procedure=key, confirm="yes"))
        for key in (foreign.pk, missing)
    ]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert not Decision.objects.exists()
    assert "Gewone procedure" not in answers[0].content.decode()


def test_what_cannot_be_so_is_said_on_the_form_with_the_input_kept(cast: Cast) -> None:
    case, client = in_procedure(cast), sign_in(Client(), cast.ind)

    wrong = client.post(url("law-decision-new", case), filled(country="", reference="K-12"))

    assert wrong.status_code == 422
    html = wrong.content.decode()
    assert "Een terugkeerbesluit noemt het land waarnaar de persoon moet terugkeren." in html
    assert 'value="K-12"' in html
    assert 'href="#id_country"' in html  # the summary leads to the field


def test_a_remedy_shows_its_effect_and_rule_before_it_is_recorded(cast: Cast) -> None:
    case = in_procedure(cast)
    decision = decided(case, cast.ind, refusing("inadmissible", told=19))
    client, target = sign_in(Client(), cast.ind), url("law-remedy-new", case, decision.pk)
    sent = {"kind": "interim_relief", "lodged_on": day(2), "seen_version": decision.version}

    before = client.post(target, sent).content.decode()
    assert "Dit is na de termijn ingediend." in before
    assert "Te laat ingediend: geen opschorting" in before
    client.post(target, sent | {"confirm": "yes"})

    assert Remedy.objects.get().effect == "none"


def test_one_ruling_is_recorded_for_ticked_relatives_too(cast: Cast) -> None:
    case, child = in_procedure(cast), in_procedure(cast)
    household(case, child)
    mine, theirs = [lodged(decided(one, cast.ind), cast.ind) for one in (case, child)]
    client = sign_in(Client(), cast.ind)

    sent = {"on": day(1), "ruling": "dismissed", "others": [child.number], "seen_version": mine.version}
    client.post(url("law-ruling", case, mine.pk), sent)

    assert set(Remedy.objects.values_list("ruling", flat=True)) == {"dismissed"}
    assert theirs.case_id == child.pk


def test_a_ruling_that_cannot_hold_for_a_relative_is_recorded_for_nobody(cast: Cast) -> None:
    case, child = in_procedure(cast), in_procedure(cast)
    household(case, child)
    mine, theirs = [lodged(decided(one, cast.ind), cast.ind) for one in (case, child)]
    strike_url = url("law-strike", child, "rechtsmiddel", theirs.pk)
    client = sign_in(Client(), cast.ind)
    client.get(url("law-ruling", case, mine.pk))
    client.post(strike_url, {"reason": "Verkeerd", "seen_version": theirs.version})

    with pytest.raises(NotPossible):
        record_ruling([mine, theirs], days_ago(1), "dismissed", by=cast.ind, version=mine.version)

    assert set(Remedy.objects.values_list("ruling", flat=True)) == {""}


def test_the_other_acts_do_what_their_button_says(cast: Cast) -> None:
    case, client = in_procedure(cast), sign_in(Client(), cast.ind)

    client.post(
        url("law-procedure-new", case),
        {"kind": procedure_kind("normal").pk, "lodged_on": day(60), "regime": "pact"},
    )
    procedure = Procedure.objects.get()
    step = step_kind("normal", "lodged")
    client.post(
        url("law-step", case, procedure.pk), {"step": step.pk, "on": day(60), "seen_version": procedure.version}
    )
    taken = procedure.steps.get()
    client.post(url("law-step-back", case, taken.pk), {"reason": "Verkeerde dag"})
    assert procedure.steps.get().struck_at is not None

    client.post(
        url("law-claim-new", case),
        {
            "state": "DEU",
            "regime": "pact",
            "requested_on": day(30),
            "replied_on": day(9),
            "reply": "accepted",
            "latest_on": day(-150),
        },
    )
    claim = TransferClaim.objects.get()
    moved = {"ground": legal_ground("transfer_moved", "prison").pk, "decided_on": day(1), "latest_on": day(-300)}
    client.post(url("law-claim-move", case, claim.pk), moved | {"seen_version": claim.version})
    assert TransferClaim.objects.get().latest() == days_ago(-300)
    client.post(url("law-move-back", case, claim.moves.get().pk), {"reason": "Niet gedetineerd"})
    assert TransferClaim.objects.get().latest() == days_ago(-150)

    client.post(
        url("law-postponement-new", case),
        {"kind": postponement_kind("art64").pk, "state": "requested", "on": day(3)},
    )
    postponement = Postponement.objects.get()
    client.post(
        url("law-postponement-step", case, postponement.pk),
        {"state": "granted", "on": day(1), "until": day(-100), "seen_version": postponement.version},
    )
    assert Postponement.objects.get().state == "granted"

    procedure.refresh_from_db()
    client.post(
        url("law-procedure-end", case, procedure.pk),
        {"on": day(0), "result": "decided", "seen_version": procedure.version},
    )
    assert not Procedure.objects.get().is_open


def test_a_notification_is_recorded_later_and_a_period_extended(cast: Cast) -> None:
    case, client = in_procedure(cast), sign_in(Client(), cast.ind)
    decision = decided(case, cast.ind, refusing(told=None))

    client.post(
        url("law-notify", case, decision.pk),
        {"notified_on": day(5), "notified_how": "by_post", "seen_version": decision.version},
    )
    decision.refresh_from_db()
    assert decision.notified_on == days_ago(5)
    ends = decision.period_ends_on
    assert ends is not None
    client.post(
        url("law-period", case, decision.pk),
        {
            "ground": legal_ground("period_extended", "document").pk,
            "decided_on": day(1),
            "until": f"{ends + timedelta(days=30):%d-%m-%Y}",
            "seen_version": decision.version,
        },
    )
    assert decision.period_changes.get().until == ends + timedelta(days=30)


def test_what_was_recorded_wrongly_is_taken_back_on_its_own_page(cast: Cast) -> None:
    case, client = in_procedure(cast), sign_in(Client(), cast.ind)
    decision = decided(case, cast.ind)

    response = client.post(
        url("law-strike", case, "besluit", decision.pk), {"reason": "Andere persoon", "seen_version": decision.version}
    )

    assert response.status_code == 302
    assert not Decision.objects.get().is_standing


def test_what_only_a_dossier_states_says_so_until_ind_confirms_it(cast: Cast) -> None:
    case, client = in_procedure(cast), sign_in(Client(), cast.ind)
    decision = decided(case, cast.ind)
    decision.confirmed_at = decision.confirmed_by = None
    save_as(decision, by=PRINCIPAL)
    assert "opgegeven in het dossier, niet bevestigd" in page_of(cast.ind, case)

    response = client.post(url("law-confirm", case, "besluit", decision.pk), {"seen_version": decision.version})

    assert response.status_code == 302
    assert "niet bevestigd" not in page_of(cast.ind, case)
    assert Decision.objects.get().confirmed_by == cast.ind


def test_a_decision_is_replaced_on_its_own_page(cast: Cast) -> None:
    case, client = in_procedure(cast), sign_in(Client(), cast.ind)
    former = decided(case, cast.ind)
    sent = filled(decided_on=day(2), notified_on=day(1)) | {"correction": "no", "reason": "Nieuw besluit"}

    response = client.post(url("law-replace", case, former.pk), sent | {"seen_version": former.version})

    assert response.status_code == 302
    assert [one.decided_on for one in Decision.objects.standing()] == [days_ago(2)]


def test_two_who_change_one_decision_see_each_others_version(cast: Cast) -> None:
    case, client = in_procedure(cast), sign_in(Client(), cast.ind)
    decision = decided(case, cast.ind, refusing(told=None))
    seen = decision.version
    from cases.procedure.actions.decisions import notify_decision

    notify_decision(decision, Notification(days_ago(5), "by_post"), by=cast.ind)

    response = client.post(
        url("law-notify", case, decision.pk), {"notified_on": day(4), "notified_how": "in_person", "seen_version": seen}
    )

    assert response.status_code == 409


# --- who may not -----------------------------------------------------------------------------------------------------


def test_a_fact_of_another_case_answers_like_one_that_does_not_exist(cast: Cast) -> None:
    case, other = in_procedure(cast), in_procedure(cast)
    decision, claim = decided(other, cast.ind), accepted_claim(other, cast.ind)
    client = sign_in(Client(), cast.ind)

    for name, pk in (("law-notify", decision.pk), ("law-remedy-new", decision.pk), ("law-claim-move", claim.pk)):
        swapped = client.get(url(name, case, pk))
        missing = client.get(url(name, case, 999999))
        assert (swapped.status_code, missing.status_code) == (404, 404)
        assert swapped.content.count(b"<") == missing.content.count(b"<")


def test_colleagues_without_the_right_are_refused_and_outsiders_find_nothing(cast: Cast) -> None:
    case = in_procedure(cast)
    decision = decided(case, cast.ind)

    for member, status in ((cast.regievoerder, 403), (cast.politie, 404), (cast.regievoerder2, 404)):
        client = sign_in(Client(), member)
        assert client.post(url("law-decision-new", case), filled(confirm="yes")).status_code == status
        assert client.post(url("law-strike", case, "besluit", decision.pk), {"reason": "x"}).status_code == status
    assert Decision.objects.get().is_standing


def test_a_closed_case_offers_nothing_and_refuses_what_is_sent(cast: Cast) -> None:
    case = in_procedure(cast)
    decision = decided(case, cast.ind)
    (remedy,) = record_ruling([lodged(decision, cast.ind)], days_ago(1), "dismissed", by=cast.ind)
    close_case(ReturnCase.objects.get(pk=case.pk), "departed_independently", by=cast.regievoerder, reason="Vertrokken")

    html = page_of(cast.regievoerder, case)

    assert "Ongegrond" in html
    assert url("law-strike", case, "rechtsmiddel", remedy.pk) not in html
