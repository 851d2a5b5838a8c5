"""The forms of reception are reference data: every code of a dossier, with its rhythm and its source."""

import pytest
from django.core.management import call_command
from django.utils import translation

from cases.case.history_sources import RESIDENCE_FORMS
from cases.case.models import Rhythm
from cases.reception.models import LegalBasis, ReceptionForm
from partners.models import Unit, UnitKind

pytestmark = pytest.mark.django_db


def test_every_form_that_a_dossier_may_name_is_known() -> None:
    codes = set(ReceptionForm.objects.valid().values_list("code", flat=True))

    assert codes == set(RESIDENCE_FORMS)


def test_every_site_has_a_form_that_is_known() -> None:
    used = set(Unit.objects.filter(kind=UnitKind.SITE).values_list("reception_form", flat=True))

    assert used <= set(ReceptionForm.objects.values_list("code", flat=True))


@pytest.mark.parametrize(
    ("code", "rhythm"),
    [
        ("azc", Rhythm.WEEKLY),
        ("no", Rhythm.WEEKLY),
        ("pol", Rhythm.WEEKLY),
        ("vbl", Rhythm.WORKDAYS),
        ("gl", Rhythm.WORKDAYS),
        ("kwv", Rhythm.DAILY),
        ("vtl", Rhythm.TWICE_DAILY),
        ("pbl", Rhythm.TWICE_DAILY),
        ("dc", ""),
        ("prive", ""),
    ],
)
def test_the_rhythm_of_in_house_registration(code: str, rhythm: str) -> None:
    assert ReceptionForm.objects.get(code=code).in_house_rhythm == rhythm


def test_a_rhythm_without_a_source_says_so() -> None:
    family, asylum = ReceptionForm.objects.get(code="gl"), ReceptionForm.objects.get(code="azc")

    assert (family.is_established, asylum.is_established) == (False, True)
    assert (family.legal_basis, asylum.legal_basis) == (LegalBasis.OUTSIDE_LAW, LegalBasis.ORDINARY)
    assert not ReceptionForm.objects.filter(source="").exists()


def test_a_form_is_named_in_the_language_of_the_reader() -> None:
    form = ReceptionForm.objects.get(code="vbl")

    with translation.override("nl"):
        assert str(form) == "vrijheidsbeperkende locatie (vbl)"
    with translation.override("en"):
        assert str(form) == "restricted liberty location (vbl)"


def test_loading_again_changes_nothing() -> None:
    before = ReceptionForm.history.count()

    call_command("load_reference", verbosity=0)

    assert ReceptionForm.history.count() == before
