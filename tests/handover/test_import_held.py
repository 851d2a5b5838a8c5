"""A person decides about a row that was put aside."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases.case.models import ReturnCase, Task
from handover.actions import accept_handover, mark_opened
from handover.importing import held
from handover.models import Decision, Dossier, DossierRow, Handover, HeldDecision
from leidraad.lib.errors import NotAllowed, NotPossible
from tests.cast import Cast, sign_in
from tests.handover.imports import read_rows, row_of, totals

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_the_day")]

FIRST = {"referentie": "IND-1", "v_nummer": "9990000001"}
SECOND = FIRST | {"referentie": "IND-2", "gemachtigde": "mr. Voorbeeld"}
OTHER_PERSON = FIRST | {"v_nummer": "9990000002", "voornamen": "Iemand Anders"}


def put_aside(cast: Cast, row: dict[str, str]) -> DossierRow:
    read_rows(cast.intake, FIRST)
    return row_of(read_rows(cast.intake, row), 2)


def accept(cast: Cast) -> None:
    handover, director = Handover.objects.get(), cast.regievoerder
    mark_opened(handover, by=cast.intake)
    accept_handover(handover, team=director.acting_unit, director=director, by=cast.intake)


def page_of(row: DossierRow) -> str:
    return reverse("handover:import-row", args=[row.file_id, row.row_number])


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_a_row_put_aside_is_a_task_of_the_desk_until_decided(cast: Cast) -> None:
    row = put_aside(cast, SECOND)
    task = Task.objects.open().get(source=f"dossier-file:{row.file_id}")
    assert (task.unit, task.case) == (cast.ilc, None)

    held.keep(row, "De aanleveraar trekt de rij in.", by=cast.intake)

    assert not Task.objects.open().filter(pk=task.pk).exists()


def test_keeping_changes_nothing_and_is_remembered_with_its_reason(cast: Cast) -> None:
    row = put_aside(cast, SECOND)

    decision = held.keep(row, "De aanleveraar trekt de rij in.", by=cast.intake)

    assert (decision.decision, decision.decided_by) == (Decision.KEEP, cast.intake)
    assert decision.history.get().history_user == cast.intake
    assert Dossier.objects.get().version_number == 1


def test_the_totals_of_the_file_stay_as_they_were(cast: Cast) -> None:
    row = put_aside(cast, SECOND)

    held.take_over(row, "Zelfde dossier, andere referentie.", by=cast.intake)

    assert totals(row.file) == {"read": 1, "held": 1}
    assert row_of(row.file, 2).verdict == "held"


def test_taking_over_makes_a_version_of_the_unanswered_dossier(cast: Cast) -> None:
    row = put_aside(cast, SECOND)

    held.take_over(row, "Zelfde dossier, andere referentie.", by=cast.intake)

    dossier = Dossier.objects.get()
    assert (dossier.reference, dossier.version_number) == ("IND-1", 2)
    assert dossier.current.content["lawyer"] == "mr. Voorbeeld"
    assert Handover.objects.get().items.get(item__code="lawyer").state == "present"


def test_what_was_taken_over_is_unchanged_when_it_comes_again(cast: Cast) -> None:
    held.take_over(put_aside(cast, SECOND), "Zelfde dossier.", by=cast.intake)

    assert totals(read_rows(cast.intake, SECOND)) == {"read": 1, "unchanged": 1}


def test_after_acceptance_nothing_can_be_taken_over(cast: Cast) -> None:
    row = put_aside(cast, SECOND)
    accept(cast)

    assert not held.may_take_over(row)
    with pytest.raises(NotPossible, match="intussen beantwoord"):
        held.take_over(row, "Toch.", by=cast.intake)
    assert Dossier.objects.get().version_number == 1
    assert not HeldDecision.objects.exists()


def test_another_person_or_sender_can_never_be_taken_over(cast: Cast) -> None:
    row = put_aside(cast, OTHER_PERSON)
    assert not held.may_take_over(row)
    with pytest.raises(NotPossible, match="ander V-nummer"):
        held.take_over(row, "Toch.", by=cast.intake)

    elsewhere = row_of(read_rows(cast.intake, FIRST | {"aanleveraar": "AVIM", "referentie": "A-1"}), 2)
    assert not held.may_take_over(elsewhere)


def test_a_row_is_decided_once(cast: Cast) -> None:
    row = put_aside(cast, SECOND)
    held.keep(row, "Eerst.", by=cast.intake)

    with pytest.raises(NotPossible, match="heeft al over deze rij beslist"):
        held.take_over(row, "Daarna.", by=cast.intake)


def test_a_decision_needs_a_reason_and_the_right(cast: Cast) -> None:
    row = put_aside(cast, SECOND)

    with pytest.raises(NotPossible, match="waarom"):
        held.keep(row, "  ", by=cast.intake)
    with pytest.raises(NotAllowed):
        held.keep(row, "Zomaar.", by=cast.regievoerder)


def test_the_page_shows_both_references_and_the_difference(cast: Cast, client: Client) -> None:
    row = put_aside(cast, SECOND | {"signalen": "medisch"})

    page = text(sign_in(client, cast.intake).get(page_of(row)))

    assert "IND-1</bdi> (IND)" in page
    assert "IND-2</bdi> (IND)" in page
    assert "mr. Voorbeeld" in page
    # Medical signals open after acceptance, to who may see them.
    assert "Afgeschermd" in page
    assert "medisch" not in page


def test_the_page_shows_nothing_of_another_person(cast: Cast, client: Client) -> None:
    read_rows(cast.intake, FIRST | {"voornamen": "Geheime Naam", "gemachtigde": "mr. Stil"})
    row = row_of(read_rows(cast.intake, OTHER_PERSON), 2)

    page = text(sign_in(client, cast.intake).get(page_of(row)))

    assert "999 000 0001" in page
    assert "mr. Stil" not in page
    assert "Iemand Anders" not in page
    assert "Neem de rij over" not in page


def test_a_protected_address_shows_no_difference_of_place(cast: Cast, client: Client) -> None:
    read_rows(cast.intake, FIRST | {"adres": "Oude Weg 1", "plaats": "Veenmeer"})
    hidden = {"adres": "Geheimlaan 7", "plaats": "Geheimstad", "adres_beschermd": "ja"}
    row = row_of(read_rows(cast.intake, SECOND | hidden), 2)

    page = text(sign_in(client, cast.intake).get(page_of(row)))

    assert "Geheim" not in page
    assert "Oude Weg" not in page


def test_deciding_on_the_page(cast: Cast, client: Client) -> None:
    row = put_aside(cast, SECOND)
    sign_in(client, cast.intake)

    wrong = client.post(page_of(row), {"decision": "take_over", "reason": ""})
    assert wrong.status_code == 422
    assert "Schrijf op waarom." in text(wrong)
    client.post(page_of(row), {"decision": "take_over", "reason": "Zelfde dossier."})

    assert Dossier.objects.get().version_number == 2
    page = text(client.get(page_of(row)))
    assert "Overgenomen als nieuwe versie" in page
    assert "Zelfde dossier." in page


def test_a_choice_that_is_not_offered_is_refused(cast: Cast, client: Client) -> None:
    row = put_aside(cast, SECOND)
    accept(cast)

    response = sign_in(client, cast.intake).post(page_of(row), {"decision": "take_over", "reason": "Toch."})

    assert response.status_code == 422
    assert Dossier.objects.get().version_number == 1


def test_a_row_that_was_not_put_aside_has_no_such_page(cast: Cast, client: Client) -> None:
    file = read_rows(cast.intake, FIRST)

    assert sign_in(client, cast.intake).get(page_of(row_of(file, 2))).status_code == 404
    assert ReturnCase.objects.count() == 1
