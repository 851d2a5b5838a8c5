"""History: always an actor, always append-only, also for whoever holds the application's database role."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from cases.case.models import Person, PersonAlias, ReturnCase
from leidraad.lib import events
from leidraad.lib.audit import PerRecord, bulk_create_as, bulk_delete_as, bulk_update_as, save_as
from leidraad.lib.models import Event, EventKind
from tests.cast import Cast
from tests.factories import led_case, person

pytestmark = pytest.mark.django_db


def test_a_save_without_an_actor_is_refused() -> None:
    somebody = person()

    with pytest.raises(RuntimeError, match="without an actor"), transaction.atomic():
        somebody.save()


def test_a_history_row_names_member_organisation_unit_and_reason(cast: Cast) -> None:
    somebody = person()
    somebody.given_names = "Samira"

    save_as(somebody, by=cast.regievoerder, reason="BVV says so")

    row = somebody.history.first()
    assert row.history_user == cast.regievoerder
    assert row.history_organisation == "dtv"
    assert row.history_unit_id == cast.regievoerder.acting_unit_id
    assert row.history_change_reason == "BVV says so"


def test_a_version_number_grows_with_each_save(cast: Cast) -> None:
    somebody = person()
    before = somebody.version

    save_as(somebody, by=cast.regievoerder)

    somebody.refresh_from_db()
    assert somebody.version == before + 1


def test_set_based_changes_write_history_too(cast: Cast) -> None:
    people = [person(), person()]
    for one in people:
        one.language = "fra"

    bulk_update_as(people, ["language"], by=cast.regievoerder, reason="telling")

    assert all(one.history.first().language == "fra" for one in people)


def test_many_changes_of_several_actors_name_each_of_them(cast: Cast) -> None:
    first, second = person(), person()
    by = PerRecord(Person, {first.pk: cast.regievoerder, second.pk: cast.ind})

    made = bulk_create_as([PersonAlias(person=who, name="X") for who in (second, first)], by=by, reason="heard")
    first.language, second.language = "fra", "ara"
    bulk_update_as([first, second], ["language"], by=by, reason="told")
    keys = [alias.pk for alias in made]
    bulk_delete_as(made, by=by, reason="a mistake")

    for who, member in ((first, cast.regievoerder), (second, cast.ind)):
        told = who.history.first()
        assert (told.history_user_id, told.history_unit_id) == (member.pk, member.acting_unit_id)
        assert (told.history_organisation, told.history_change_reason) == (member.acting_organisation, "told")
    aliases = PersonAlias.history.model.objects.filter(id__in=keys).order_by("id", "history_id")
    assert [(row.history_type, row.history_user_id) for row in aliases] == [
        ("+", cast.ind.pk), ("-", cast.ind.pk), ("+", cast.regievoerder.pk), ("-", cast.regievoerder.pk),
    ]  # fmt: skip


def test_among_several_actors_a_change_without_one_is_refused(cast: Cast) -> None:
    first, second = person(), person()

    with pytest.raises(IntegrityError), transaction.atomic():
        bulk_update_as([first, second], ["language"], by=PerRecord(Person, {first.pk: cast.regievoerder}))


@pytest.mark.parametrize("name", ['a"b', "a\\b", "{a,b}", "NULL", "", " a ", "é'ß", "محمد", "a\nb"])
def test_any_text_is_stored_as_it_is(cast: Cast, name: str) -> None:
    who = person()

    bulk_create_as([PersonAlias(person=who, name=name), PersonAlias(person=who, name="b")], by=cast.regievoerder)

    assert set(PersonAlias.objects.filter(person=who).values_list("name", flat=True)) == {name, "b"}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE cases_historicalperson SET surname = 'x'",
        "DELETE FROM cases_historicalperson",
        "TRUNCATE cases_historicalperson",
    ],
)
def test_the_application_cannot_change_history(statement: str) -> None:
    person()

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("statement", ["UPDATE cases_historicalperson SET surname = 'x'", "DELETE FROM lib_event"])
def test_even_the_owner_of_the_tables_is_stopped_by_the_trigger(cast: Cast, statement: str) -> None:
    events.record(EventKind.READ, cast.regievoerder, case=led_case(cast.regievoerder))

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
            cursor.execute(statement)


def test_an_event_names_the_viewer_and_whose_data_it_was(cast: Cast) -> None:
    case: ReturnCase = led_case(cast.regievoerder)

    events.record(EventKind.READ, cast.regievoerder, case=case, route="cases:detail")

    event = Event.objects.get(case_id=case.pk)
    assert (event.member_name, event.organisation, event.role) == ("M. Hofstra", "dtv", "case_director")
    assert (event.case_number, event.person_id) == (case.number, case.person_id)


def test_an_unchanged_person_is_found_by_its_v_number() -> None:
    somebody = person()

    assert Person.objects.get(v_number=somebody.v_number) == somebody
