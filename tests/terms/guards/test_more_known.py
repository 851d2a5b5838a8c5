"""Whatever else becomes known of an obstacle, no guard that holds an act back lets it go."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from cases.terms.guards import GUARDS
from cases.terms.guards.findings import Plan, State
from cases.terms.guards.known import Part, Topic
from cases.terms.models import Act
from tests.terms.guards.facts import (
    TODAY,
    adult,
    ago,
    answer,
    application,
    child,
    claim,
    custody,
    identity,
    known,
    plan,
    postponed,
    refusal,
    remedy,
    ruled,
    short_refusal,
    signal,
    stated,
    transfer_decision,
)

DAYS = st.integers(0, 60)
# What a case may look like before: nothing, or some facts that let acts through and some that do not.
PARTS: st.SearchStrategy[Part] = st.one_of(
    st.builds(
        lambda days: refusal(decided_on=ago(days + 40), notified_on=ago(days + 39), remedy_until=ago(days)), DAYS
    ),
    st.builds(lambda days: short_refusal(key=2, relief_until=ago(days)), DAYS),
    st.builds(lambda _: transfer_decision(key=3), DAYS),
    st.builds(lambda days: answer(days), DAYS),
    st.builds(lambda days: ruled(days=days), DAYS),
    st.builds(lambda days: custody(days), DAYS),
    st.builds(lambda days: claim(TODAY + timedelta(days=days - 30)), DAYS),
    st.builds(lambda days: stated(Topic.FRESH_TEST, "done", days), DAYS),
    st.builds(lambda days: stated(Topic.PROSECUTOR, "none_open", days), DAYS),
    st.builds(lambda days: stated(Topic.FITNESS, "fit", days), DAYS),
    st.builds(lambda days: stated(Topic.TUBERCULOSIS, "none", days), DAYS),
    st.builds(lambda days: stated(Topic.PROTECTION, "none", days), DAYS),
    st.builds(lambda days: stated(Topic.APPLICATION_EXCEPTION, "applies", days), DAYS),
    st.just(identity()),
)
PERSON = st.one_of(st.just(adult()), st.just(child()), st.just(adult(nationality="POL", with_minors=True)))
KINDS = ("art64", "pregnancy", "moratorium", "temporary_protection", "trafficking", "criminal_case")
OBSTACLES: st.SearchStrategy[Part] = st.one_of(
    st.builds(lambda days: remedy(lodged=days), DAYS),
    st.builds(lambda days: remedy("interim_relief", "until_relief_ruling", days), DAYS),
    st.builds(lambda days: remedy("interim_relief", "none", days, late=True), DAYS),
    st.builds(lambda days: remedy("ecthr_measure", "until_relief_ruling", days, country="DZA"), DAYS),
    st.builds(lambda days: application(days), DAYS),
    st.builds(lambda kind, days: postponed(kind, since=ago(days), on=ago(days)), st.sampled_from(KINDS), DAYS),
    st.builds(signal, st.sampled_from(("medical", "pregnant", "trafficking", "public_order")), DAYS),
)
PLANS = st.builds(
    lambda act, days: plan(act, TODAY + timedelta(days=days), destination="DZA"),
    st.sampled_from([act for act in Act if act is not Act.DISCLOSURE]),
    st.integers(0, 30),
)


# Everything that must be known of a grown man whose refusal is final.
COULD_GO: tuple[Part, ...] = (
    adult(),
    identity(),
    refusal(),
    ruled(days=60),
    answer(1),
    stated(Topic.FRESH_TEST, "done", 1),
    stated(Topic.TRAVEL_CONDITIONS, "none"),
    stated(Topic.FITNESS, "fit"),
    stated(Topic.TUBERCULOSIS, "none"),
    stated(Topic.PROSECUTOR, "none_open"),
    stated(Topic.IOM, "none"),
    stated(Topic.PROTECTION, "none"),
    stated(Topic.FINAL_CHECKS, "done"),
)
# Guards about other acts: the transfer, detention, reception, contact and disclosure.
REMOVAL = set(GUARDS) - {"G22", "G25", "G26", "G27", "G28", "G29", "G30"}


def held_back(parts: list[Part], plan_: Plan) -> set[str]:
    facts = known(*parts)
    return {code for code, guard in GUARDS.items() if guard(facts, plan_).state in (State.HELD, State.UNKNOWN)}


@given(person=PERSON, parts=st.lists(PARTS, max_size=6), obstacle=OBSTACLES, plan_=PLANS)
def test_knowing_of_an_obstacle_never_lets_an_act_go(
    person: Part, parts: list[Part], obstacle: Part, plan_: Plan
) -> None:
    before, after = held_back([person, *parts], plan_), held_back([person, *parts, obstacle], plan_)
    assert before <= after


def is_settled(one: Part) -> bool:
    """What a later answer or test of that case has seen: late relief, and signals that only ask for a fresh test."""
    return getattr(one, "late", False) is True or getattr(one, "kind", "") in ("medical", "public_order")


@given(obstacle=OBSTACLES.filter(lambda one: not is_settled(one)))
def test_one_obstacle_holds_back_a_case_that_could_go(obstacle: Part) -> None:
    assert not held_back([*COULD_GO], plan()) & REMOVAL
    found = known(*COULD_GO, obstacle)
    assert any(GUARDS[code](found, plan()).state is not State.IN_ORDER for code in REMOVAL)
