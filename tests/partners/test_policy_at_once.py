"""Two people and two processes: one confirmation wins, and the next request everywhere knows it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from threading import Event, Thread

import pytest
from django.conf import settings as django_settings
from django.db import connection, connections, transaction
from django.test import Client

from cases.case.models import CaseGrant, Part
from cases.case.models.case import permission_id
from cases.case.policy_grants import latest_run, work_on
from partners import policy_actions
from partners.models import PolicyState, PolicyVersion
from tests.cast import Cast, member_of, sign_in
from tests.factories import involve, led_case
from tests.partners.versions import draft, line, proposed, put_in_force, stored
from tests.requests.test_two_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)

MEDICAL = line("police supervision_officer supervision", "medical view")
REPORTS = line("police supervision_officer -", "reports view")

# Another process of the web: it starts once, keeps what it keeps, and answers one request for each line that it is given.
WEB = """
import sys, django, pytest  # with pytest the settings are those of tests: no built files are needed
django.setup()
from django.test import Client
from partners.models import Member
client = Client()
client.force_login(Member.objects.get(username="politie"), backend="django.contrib.auth.backends.ModelBackend")
print("ready", flush=True)
for path in sys.stdin:
    print(client.get(path.strip()).status_code, flush=True)
"""


@pytest.fixture
def other_process(cast: Cast) -> Iterator["subprocess.Popen[str]"]:
    url = f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{connection.settings_dict['NAME']}"
    env = {**os.environ, "DATABASE_URL": url, "LEIDRAAD_DB_ROLE": "app", "LEIDRAAD_DEMO": "1"}
    env |= {"DJANGO_SETTINGS_MODULE": "leidraad.settings", "PYTHONPATH": str(django_settings.BASE_DIR)}
    pipe = subprocess.PIPE
    process = subprocess.Popen(
        [sys.executable, "-c", WEB], env=env, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True
    )
    yield process
    process.terminate()
    process.wait(timeout=20)


def ask(process: "subprocess.Popen[str]", path: str) -> str:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{path}\n")
    process.stdin.flush()
    return process.stdout.readline().strip()


def test_the_next_request_of_another_process_uses_the_new_version(
    cast: Cast, other_process: "subprocess.Popen[str]"
) -> None:
    assert other_process.stdout is not None
    assert other_process.stdout.readline().strip().endswith("ready")
    assert ask(other_process, "/rapportages/") == "403"

    put_in_force(cast, [REPORTS])
    assert ask(other_process, "/rapportages/") == "200"
    put_in_force(cast, without=["police supervision_officer - reports"])

    assert ask(other_process, "/rapportages/") == "403"
    assert sign_in(Client(), cast.politie).get("/rapportages/").status_code == 403


def test_of_two_people_who_confirm_at_once_one_wins(cast: Cast) -> None:
    made = proposed(cast, [MEDICAL])
    second = member_of(cast.privacy.acting_unit, "privacy_officer")

    won, lost = at_once(
        lambda: policy_actions.confirm(made, by=cast.privacy, seen_version=made.version),
        lambda: policy_actions.confirm(made, by=second, seen_version=made.version),
    )

    assert won == ""
    assert lost
    assert stored(made).state == PolicyState.IN_FORCE
    assert stored(made).history.filter(state=PolicyState.IN_FORCE).count() == 1


def test_of_two_proposals_confirmed_at_once_one_wins_and_the_other_is_overtaken(cast: Cast) -> None:
    one, two = proposed(cast, [MEDICAL]), proposed(cast, [REPORTS])

    won, lost = at_once(
        lambda: policy_actions.confirm(one, by=cast.privacy, seen_version=one.version),
        lambda: policy_actions.confirm(two, by=cast.privacy, seen_version=two.version),
    )

    assert won == ""
    assert "ging gelden" in lost
    assert PolicyVersion.objects.in_force().count() == 1


def test_two_who_change_one_draft_at_once_do_not_write_over_each_other(cast: Cast) -> None:
    made = draft(cast)

    won, lost = at_once(
        lambda: policy_actions.put_line(made, MEDICAL, by=cast.beheer, seen_version=made.version),
        lambda: policy_actions.put_line(made, REPORTS, by=cast.beheer, seen_version=made.version),
    )

    assert (won, bool(lost)) == ("", True)
    assert stored(made).lines.count() == policy_actions.in_force().lines.count() + 1


def test_a_confirmation_waits_for_an_act_that_writes_grants_so_that_none_of_the_old_version_is_left(cast: Cast) -> None:
    case, unit = led_case(cast.regievoerder), cast.politie.acting_unit
    made = proposed(cast, [MEDICAL])
    confirmer, written, go_on = cast.privacy, Event(), Event()

    def involving() -> None:
        with transaction.atomic():
            involve(case, unit, Part.SUPERVISION)
            written.set()
            go_on.wait(timeout=20)
        connections.close_all()

    def confirming() -> None:
        policy_actions.confirm(made, by=confirmer, seen_version=made.version)
        connections.close_all()

    act, confirmation = Thread(target=involving), Thread(target=confirming)
    act.start()
    assert written.wait(timeout=20)
    confirmation.start()
    confirmation.join(timeout=1)
    assert stored(made).state == PolicyState.PROPOSED
    go_on.set()
    act.join(timeout=20)
    confirmation.join(timeout=20)

    run = latest_run()
    assert stored(made).state == PolicyState.IN_FORCE
    assert run is not None
    assert work_on(run.pk)
    grants = CaseGrant.objects.filter(content_object=case, permission_id=permission_id("medical"))
    assert grants.filter(group_id=unit.group_id).exists()
