"""S30 in the browser's eyes: sending a file in, its progress, its rows, its report, and who may see all that."""

import csv
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from handover.importing import progress
from handover.models import DossierFile, FileStatus
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from leidraad.lib.models import Event, EventKind
from tests.cast import Cast, member_of, sign_in
from tests.handover.imports import csv_of, read_example, read_rows, send, totals

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_the_day")]

PAGE = "/overdrachten/inlezen/"
ROWS = [{"referentie": f"IND-{number}", "v_nummer": f"99900000{number}"} for number in range(10, 13)]
MEGABYTE = 1024 * 1024


@pytest.fixture
def clerk(client: Client, cast: Cast) -> Client:
    return sign_in(client, cast.intake)


def upload(client: Client, content: bytes, name: str = "dossiers.csv") -> Any:
    return client.post(PAGE, {"file": SimpleUploadedFile(name, content)})


def address(file: DossierFile, name: str = "import-detail", *more: int) -> str:
    return reverse(f"handover:{name}", args=[file.pk, *more])


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_a_file_is_sent_in_read_and_shown_with_totals_that_add_up(clerk: Client, cast: Cast) -> None:
    response = upload(clerk, csv_of(*ROWS, {"referentie": "IND-99", "v_nummer": "99"}))

    file = DossierFile.objects.get()
    assert response.url == address(file)
    assert totals(file) == {"read": 4, "created": 3, "refused": 1}
    page = text(clerk.get(response.url))
    assert "4 rijen gelezen = 3 aangemaakt + 0 bijgewerkt + 0 ongewijzigd + 0 aangehouden + 1 geweigerd." in page


def test_the_upload_is_in_the_event_log_and_the_file_is_kept(clerk: Client, cast: Cast, settings: Any) -> None:
    content = csv_of(*ROWS)

    upload(clerk, content)

    file, event = DossierFile.objects.get(), Event.objects.get(kind=EventKind.UPLOAD)
    assert (event.member_id, event.detail) == (cast.intake.pk, {"file": file.pk, "sha256": file.sha256})
    assert (settings.MEDIA_ROOT / file.stored_as).read_bytes() == content


def test_a_wrong_file_is_told_in_one_sentence_that_names_the_column(clerk: Client) -> None:
    header = ("referentie", "aanleveraar", "v_nummer", "achternaam", "grond")

    response = upload(clerk, csv_of(*ROWS, header=header))

    page = text(clerk.get(response.url))
    assert "Het bestand is geweigerd. Er is niets van vastgelegd." in page
    assert "verplichte kolommen: nationaliteit." in page


def test_without_a_file_the_form_says_what_to_do(clerk: Client) -> None:
    response = clerk.post(PAGE, {})

    assert response.status_code == 422
    assert "Kies het bestand dat u wilt inlezen." in text(response)


def test_an_empty_file_is_refused_in_the_form(clerk: Client) -> None:
    response = upload(clerk, b"")

    assert response.status_code == 422
    assert "Het bestand is leeg." in text(response)


def test_60_mb_is_refused_before_it_is_taken_apart(clerk: Client, settings: Any) -> None:
    response = upload(clerk, b"x" * (60 * MEGABYTE))

    assert response.status_code == 413
    assert "Het bestand is te groot: 6" in text(response)
    assert not hasattr(response.wsgi_request, "_files")
    assert not DossierFile.objects.exists()


def test_just_over_50_mb_is_refused_too(clerk: Client) -> None:
    response = upload(clerk, b"x" * (50 * MEGABYTE + 1))

    assert response.status_code == 422
    assert "Het bestand is te groot: 51 MB" in text(response)
    assert not DossierFile.objects.exists()


def test_the_token_against_forged_requests_is_still_asked(cast: Cast) -> None:
    client = sign_in(Client(enforce_csrf_checks=True), cast.intake)

    assert upload(client, csv_of(*ROWS)).status_code == 403
    assert not DossierFile.objects.exists()


def test_the_name_of_the_file_leads_nowhere_on_disk(clerk: Client, settings: Any) -> None:
    upload(clerk, csv_of(*ROWS), name="../../evil.csv")

    file = DossierFile.objects.get()
    assert file.name == "evil.csv"
    assert "evil" not in file.stored_as


def test_a_waiting_file_says_so_and_refreshes_itself_with_and_without_script(clerk: Client, cast: Cast) -> None:
    file = send(csv_of(*ROWS), cast.intake)

    page = text(clerk.get(address(file)))

    assert "Wacht op verwerking" in page
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in page
    assert 'hx-trigger="every 2s, click"' in page


def test_while_it_runs_htmx_gets_the_part_that_changes_and_then_the_whole_page(clerk: Client, cast: Cast) -> None:
    file = send(csv_of(*ROWS), cast.intake)
    progress.claim(file.pk, by=cast.intake)

    part = clerk.get(address(file), headers={"HX-Request": "true"})
    assert text(part).startswith('<section class="panel" id="import-progress"')
    assert "<html" not in text(part)

    ended = clerk.get(address(read_rows(cast.intake, *ROWS[:1])), headers={"HX-Request": "true"})
    assert ended.headers["HX-Refresh"] == "true"


def test_an_interrupted_file_can_be_resumed(clerk: Client, cast: Cast) -> None:
    file = send(csv_of(*ROWS), cast.intake)
    progress.claim(file.pk, by=cast.intake)
    DossierFile.objects.filter(pk=file.pk).update(heartbeat_at=clock.now() - timedelta(minutes=3))
    assert "Inlezen hervatten" in text(clerk.get(address(file)))

    response = clerk.post(address(file, "import-resume"), follow=True)

    assert "Het inlezen gaat verder waar het was gebleven." in text(response)
    file.refresh_from_db()
    assert (file.status, totals(file)) == (FileStatus.DONE, {"read": 3, "created": 3})


def test_resuming_what_runs_says_why_not(clerk: Client, cast: Cast) -> None:
    file = read_rows(cast.intake, *ROWS)

    assert "Dit inlezen is niet onderbroken." in text(clerk.post(address(file, "import-resume"), follow=True))


def test_refused_rows_show_the_cell_its_problem_and_what_would_be_right(clerk: Client, cast: Cast) -> None:
    read_example("dossiers-120-with-faults.csv", cast.intake)
    file = DossierFile.objects.get()

    page = text(clerk.get(address(file)))

    assert "vertrektermijn_dagen" in page
    assert "Gebruik een heel getal van 0 tot en met 90." in page


def test_many_rows_come_in_pages(clerk: Client, cast: Cast) -> None:
    many = [{"referentie": f"IND-{number}", "v_nummer": "kort"} for number in range(120)]
    file = read_rows(cast.intake, *many)

    first = clerk.get(address(file))
    assert len(first.context["lines"]) == 50
    second = clerk.get(address(file), {"soort": "geweigerd", "after": first.context["page"].next_token})

    assert [line.row.row_number for line in second.context["lines"]] == list(range(52, 102))


def test_the_number_of_queries_does_not_grow_with_the_rows(
    clerk: Client, cast: Cast, django_assert_max_num_queries: Any
) -> None:
    rows = [{"referentie": f"IND-{number}", "v_nummer": "9990000001"} for number in range(40)]
    file = read_rows(cast.intake, *rows)

    with django_assert_max_num_queries(20):
        clerk.get(address(file))


def test_the_report_holds_every_row_and_no_formula(clerk: Client, cast: Cast) -> None:
    file = read_rows(cast.intake, *ROWS, {"referentie": "=1+1", "v_nummer": "@SUM(A1)"})

    response = clerk.get(address(file, "import-report"))

    content = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    lines = list(csv.reader(StringIO(content), delimiter=";"))
    assert [line[0] for line in lines] == ["rij", "2", "3", "4", "5", ""]
    assert lines[4][1] == "'=1+1"
    assert "4 rijen gelezen = 3 aangemaakt" in lines[-1][4]
    assert not [cell for line in lines for cell in line if cell.startswith(("=", "+", "-", "@"))]
    assert Event.objects.filter(kind=EventKind.DOWNLOAD, detail={"file": file.pk}).exists()


def test_the_report_is_in_the_language_of_the_reader(clerk: Client, cast: Cast) -> None:
    file = read_rows(cast.intake, *ROWS)
    member = cast.intake
    member.language = "en"
    save_as(member, by="test", update_fields=["language"])

    content = b"".join(clerk.get(address(file, "import-report")).streaming_content).decode()  # type: ignore[attr-defined]

    assert "3 rows read = 3 created" in content


def test_earlier_files_are_listed_newest_first_with_what_waits(clerk: Client, cast: Cast) -> None:
    read_rows(cast.intake, *ROWS)
    read_rows(cast.intake, ROWS[0] | {"v_nummer": "9990000999"})

    response = clerk.get(PAGE)

    assert [line.file.held for line in response.context["page"].rows] == [1, 0]
    assert "Klaar, over 1 rij beslissen" in text(response)


@pytest.mark.parametrize("name", ["import-detail", "import-report", "import-row", "import-resume"])
def test_another_unit_of_intake_finds_no_such_file(cast: Cast, client: Client, name: str) -> None:
    file = read_rows(cast.intake, *ROWS)
    other = sign_in(client, member_of(cast.unit("dtv-dia"), "intake_clerk"))
    url = address(file, name, *([2] if name == "import-row" else []))

    response = other.post(url) if name == "import-resume" else other.get(url)

    assert response.status_code == 404


@pytest.mark.parametrize("who", ["regievoerder", "ind", "politie", "casemanager", "beheer", "auditor"])
def test_nobody_else_reads_dossiers_in(cast: Cast, client: Client, who: str) -> None:
    file = read_rows(cast.intake, *ROWS)
    sign_in(client, getattr(cast, who))

    answers = [
        client.get(PAGE),
        upload(client, csv_of(*ROWS)),
        client.get(address(file)),
        client.get(address(file, "import-report")),
    ]

    assert [answer.status_code for answer in answers] == [403] * 4
    assert DossierFile.objects.count() == 1


def test_without_signing_in_one_is_sent_to_the_door(client: Client) -> None:
    assert client.get(PAGE).url.startswith("/aanmelden/")  # type: ignore[attr-defined]
