"""S24 Wie ziet deze zaak: one's own access first, then who else, on which ground, which sections and until when.

The responsible unit reads everything. Others read organisations, never persons, and not one whose presence tells something
(`cases.case.telling`); sensitive sections of others are named only to who may view them too.
"""

from dataclasses import dataclass, field, replace
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from cases.case.models import (
    AccessRequest,
    Consent,
    Involvement,
    InvolvementGround,
    NamedAccess,
    NamedKind,
    Part,
    SectionException,
    Task,
    TaskKind,
)
from cases.case.models.access import WHOLE_CASE
from cases.case.sharing import may_end
from cases.case.telling import part_is_shown
from cases.case.who_sees import keys_by_unit, rights_of, roles_by_organisation, sections_in
from leidraad.lib.display import date_long, date_time
from leidraad.pages.access_words import effect_word, section_name, section_names, until_text
from leidraad.pages.case_frame import OpenCase, case_page
from leidraad.pages.refusals import right_in_words
from partners.models import Member
from partners.policy import SENSITIVE

SHOWN_EMERGENCIES = 20


@dataclass(frozen=True)
class RoleLine:
    role: str
    sections: str
    view_url: str = ""


@dataclass
class Row:
    """One part in the case. `unit` is empty where the viewer may know the organisation only."""

    organisation: str
    unit: str
    part: str
    ground: str
    since: str
    until: str
    is_own: bool
    roles: list[RoleLine] = field(default_factory=list)
    acts: list[tuple[str, str]] = field(default_factory=list)


@require_GET
@case_page()
def access(page: OpenCase) -> HttpResponse:
    leads = sees_all(page)
    context: dict[str, Any] = {
        "own": own_access(page),
        "own_sections": section_names(sections_in(page.access)),
        "rows": rows_of(page),
        "leads": leads,
        "may_share": page.can("case.share"),
        "everybody": leads or page.can("people.view"),
        "consents": consents_of(page),
        "may_record_consent": page.can("consent.change"),
        "exceptions": exceptions_of(page),
        "named": named_of(page),
        "emergencies": emergencies_of(page) if leads else [],
        "questions": questions_of(page) if leads else [],
        "may_ask": not page.case.is_closed and not leads and not page.access.in_emergency,
    }
    return page.render("pages/case/access.html", "access", **context)


def sees_all(page: OpenCase) -> bool:
    """The responsible unit, of a closed case as well: then there is nothing to change any more."""
    return page.access.leads and page.can("people.view")


# --- one's own access -----------------------------------------------------------------------------------------------


def own_access(page: OpenCase) -> list[str]:
    """Why this member sees the case: a sentence for each part of the unit, and for emergency access."""
    member, case = page.member, page.case
    running = Involvement.objects.in_force().filter(case=case, unit=member.acting_unit_id).order_by("since", "pk")
    found = [_part_sentence(member, one) for one in running]
    return found + [_emergency_sentence(one) for one in _own_emergency(page)]


def _part_sentence(member: Member, one: Involvement) -> str:
    words = {
        "role": str(member.acting.role) if member.acting else "",
        "unit": member.acting_unit.full_name,
        "part": Part(one.part).label,
        "ground": InvolvementGround(one.ground).label,
        "since": date_long(one.since),
    }
    return (
        _(
            "You see this case as %(role)s of %(unit)s, because your unit has a part in it: %(part)s. "
            "The ground is: %(ground)s. This holds since %(since)s and lasts until that part ends."
        )
        % words
    )


def _own_emergency(page: OpenCase) -> list[NamedAccess]:
    if not page.access.in_emergency:
        return []
    running = NamedAccess.objects.running().filter(case=page.case, member=page.member.pk, section=WHOLE_CASE)
    return list(running.order_by("-until")[:1])


def _emergency_sentence(one: NamedAccess) -> str:
    words = {"since": date_time(one.since), "until": date_time(one.until), "reason": one.ground}
    return (
        _(
            "You see this case by emergency access, since %(since)s and until %(until)s. Your reason: %(reason)s. "
            "The responsible unit was told."
        )
        % words
    )


# --- who else -------------------------------------------------------------------------------------------------------


def rows_of(page: OpenCase) -> list[Row]:
    """The parts that this viewer may know of, the responsible unit first."""
    case, everybody = page.case, sees_all(page)
    running = Involvement.objects.in_force().filter(case=case).select_related("unit__organisation")
    shown = [
        one
        for one in running
        if everybody or one.part == Part.LEAD or part_is_shown(one.part, one.unit_id, page.member, page.can)
    ]
    shown.sort(key=lambda one: (one.part != Part.LEAD, one.unit.organisation.code, one.pk))
    keys = keys_by_unit(case)
    roles = roles_by_organisation(one.unit.organisation_id for one in shown)
    rows: dict[tuple[str, str, str], Row] = {}
    for one in shown:
        its = keys[one.unit_id]
        if not everybody and one.unit_id != page.member.acting_unit_id:
            its = replace(its, exceptions={})  # what was arranged for others is not theirs to know
        rights = rights_of(case, one.unit, its, roles.get(one.unit.organisation_id, []))
        row = _row(page, one)
        row.roles = [_role_line(page, one, right.role.name, right.role.code, right.sections) for right in rights]
        rows.setdefault((row.organisation, row.unit, row.part), row)
    return list(rows.values())


def _row(page: OpenCase, one: Involvement) -> Row:
    own = one.unit_id == page.member.acting_unit_id
    knows_unit = own or one.part == Part.LEAD or sees_all(page)
    lasts = _("as long as it is responsible") if one.part == Part.LEAD else _("until this part ends")
    return Row(
        organisation=one.unit.organisation.short_name,
        unit=one.unit.name if knows_unit else "",
        part=str(Part(one.part).label),
        ground=str(InvolvementGround(one.ground).label),
        since=date_long(one.since),
        until=lasts,
        is_own=own,
        acts=_acts_on(page, one),
    )


def _acts_on(page: OpenCase, one: Involvement) -> list[tuple[str, str]]:
    if not page.can("case.share") or one.part == Part.LEAD:
        return []
    number = page.case.number
    acts = [(_("Narrow or widen"), reverse("cases:access-exception", args=[number, one.pk]))]
    if may_end(one):
        acts.append((_("End"), reverse("cases:access-end", args=[number, one.pk])))
    return acts


def _role_line(page: OpenCase, one: Involvement, role: str, code: str, sections: tuple[str, ...]) -> RoleLine:
    own = one.unit_id == page.member.acting_unit_id or sees_all(page)
    told = [name for name in sections if own or name not in SENSITIVE or page.can(f"{name}.view")]
    looks = page.can("case.share") and one.part != Part.LEAD
    url = reverse("cases:view-as", args=[page.case.number, one.pk, code]) if looks else ""
    return RoleLine(role, section_names(told), url)


# --- consent, exceptions, names -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ConsentLine:
    consent: Consent
    state: tuple[str, str]
    text: str
    withdraw_url: str


def consents_of(page: OpenCase) -> list[ConsentLine]:
    """All for the responsible unit, one's own for the organisation that it was given for; for others there are none."""
    if not page.can("consent.view"):
        return []
    found = Consent.objects.filter(case=page.case).select_related("party", "recorded_by_unit__organisation")
    if not sees_all(page):
        found = found.filter(party__code=page.member.acting_organisation)
    may_withdraw = page.can("consent.change") or page.can("consent.withdraw")
    return [_consent_line(page, one, may_withdraw) for one in found.order_by("-given_on", "-pk")]


def _consent_line(page: OpenCase, one: Consent, may_withdraw: bool) -> ConsentLine:
    if one.withdrawn_on is None:
        url = reverse("cases:consent-withdraw", args=[page.case.number, one.pk]) if may_withdraw else ""
        text = _("Consent of the person: %(date)s") % {"date": date_long(one.given_on)}
        return ConsentLine(one, ("ok", _("running")), text, url)
    text = _("Given on %(given)s, withdrawn on %(withdrawn)s. Since then nothing is shared on this ground.") % {
        "given": date_long(one.given_on),
        "withdrawn": date_long(one.withdrawn_on),
    }
    return ConsentLine(one, ("no", _("withdrawn")), text, "")


@dataclass(frozen=True)
class ExceptionLine:
    unit: str
    section: str
    effect: str
    reason: str
    until: str
    lift_url: str


def exceptions_of(page: OpenCase) -> list[ExceptionLine]:
    """Running exceptions: all for the responsible unit, for others those of their own unit."""
    found = SectionException.objects.running().filter(case=page.case).select_related("unit__organisation")
    leads = sees_all(page)
    if not leads:
        found = found.filter(unit=page.member.acting_unit_id)
    return [
        ExceptionLine(
            one.unit.full_name,
            section_name(one.section),
            effect_word(one.allowed),
            one.reason if leads else "",
            until_text(one.until),
            reverse("cases:access-lift", args=[page.case.number, one.pk]) if page.can("case.share") else "",
        )
        for one in found.order_by("unit__name", "section")
        if leads or one.section not in SENSITIVE
    ]


@dataclass(frozen=True)
class NamedLine:
    who: str
    sections: str
    ground: str
    since: str
    until: str
    end_url: str


def named_of(page: OpenCase) -> list[NamedLine]:
    """Running access by name: all for the responsible unit, for others their own."""
    found = NamedAccess.objects.running().filter(case=page.case, kind=NamedKind.NAMED)
    if not sees_all(page):
        found = found.filter(member=page.member.pk)
    related = found.select_related("member", "unit__organisation").order_by("until", "pk")
    return [_named_line(page, one, [one.section]) for one in related]


def emergencies_of(page: OpenCase) -> list[NamedLine]:
    """Emergency access, running and past: one line for each time that somebody opened the case."""
    found = NamedAccess.objects.filter(case=page.case, kind=NamedKind.EMERGENCY)
    rows = found.select_related("member", "unit__organisation").order_by("-since", "member", "pk")
    times: dict[tuple[int, Any], list[NamedAccess]] = {}
    for one in rows[: SHOWN_EMERGENCIES * 12]:
        times.setdefault((one.member_id, one.since), []).append(one)
    return [
        _named_line(page, ones[0], [one.section for one in ones if one.section != WHOLE_CASE])
        for ones in list(times.values())[:SHOWN_EMERGENCIES]
    ]


def _named_line(page: OpenCase, one: NamedAccess, sections: list[str]) -> NamedLine:
    ended = one.ended_at or one.until
    running = one.is_running
    url = reverse("cases:named-end", args=[page.case.number, one.pk]) if running and page.can("case.share") else ""
    who = f"{one.member}, {one.unit.full_name}" if one.unit else str(one.member)
    until = until_text(one.until) if running else _("ended on %(moment)s") % {"moment": date_time(ended)}
    return NamedLine(who, section_names(sections), one.ground, date_time(one.since), until, url)


# --- open questions -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class QuestionLine:
    who: str
    right: str
    asked: str
    url: str


def questions_of(page: OpenCase) -> list[QuestionLine]:
    """Questions for access that wait for an answer: those whose task is open."""
    open_tasks = Task.objects.open().filter(case=page.case, kind=TaskKind.ACCESS)
    keys = [int(source.removeprefix("access:")) for source in open_tasks.values_list("source", flat=True)]
    asked = AccessRequest.objects.filter(pk__in=keys, case=page.case).select_related("member", "unit__organisation")
    return [
        QuestionLine(
            f"{one.member}, {one.unit.full_name}",
            right_in_words(one.capability),
            date_time(one.asked_at),
            reverse("cases:answer-access", args=[page.case.number, one.pk]),
        )
        for one in asked.order_by("asked_at", "pk")
    ]
