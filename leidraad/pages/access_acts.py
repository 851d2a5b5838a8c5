"""The acts on who sees a case: a form, a page that shows who receives and who loses what, and only then the act."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from cases.case.consents import give_consent, parts_on, withdraw_consent
from cases.case.models import Consent, Involvement, NamedAccess, Part, ReturnCase, SectionException
from cases.case.openings import (
    check_exception,
    check_named,
    end_named,
    lift_exception,
    memberships_in,
    name_member,
    set_exception,
)
from cases.case.sharing import check_end, check_share, end_share, share_case
from cases.case.who_sees import UnitKeys, effects, keys_by_unit
from leidraad.lib.display import date_long, date_time
from leidraad.lib.errors import NotAllowed, NotPossible
from leidraad.pages.access_forms import ConsentForm, ExceptionForm, NamedForm, ReasonForm, ShareForm, WithdrawForm
from leidraad.pages.access_words import Change, changes_of, effect_word, section_name, until_text
from leidraad.pages.case_frame import OpenCase, case_page
from leidraad.pages.case_page import to_url
from partners.models import Organisation, Unit
from partners.policy import case_sections
from partners.sharing import consent_parties, sharings


@dataclass
class Preview:
    """What the confirmation shows: what is decided, and who gets and loses what by it."""

    facts: list[tuple[str, object]]
    changes: Sequence[Change]
    note: str = ""


@dataclass
class Act:
    """The words and functions of one act. `preview` and `do` get the valid form; both may raise NotPossible."""

    title: str
    button: str
    preview: Callable[[Any], Preview]
    do: Callable[[Any], str]
    intro: str = ""
    facts: list[tuple[str, object]] = field(default_factory=list)
    danger: bool = False


def act(page: OpenCase, form: forms.BaseForm, one: Act) -> HttpResponse:
    """GET: the form. A valid POST: the confirmation. The confirmed POST: the act, and back to who sees the case."""
    request = page.request
    context: dict[str, Any] = {"form": form, "title": one.title, "intro": one.intro, "facts": one.facts}
    if form.is_bound and form.is_valid():
        try:
            if "confirm" in request.POST:
                done = one.do(form)
                return to_url(_back(page), request, done)
            preview = one.preview(form)
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            words: dict[str, Any] = {"title": one.title, "button": one.button, "danger": one.danger, "preview": preview}
            return page.render("pages/case/access_confirm.html", "", **words, hidden=_sent(request.POST))
    status = 422 if form.is_bound else 200
    return page.render("pages/case/access_act.html", "", status=status, **context)


def _sent(posted: Any) -> list[tuple[str, str]]:
    return [(name, value) for name, values in posted.lists() if name != "csrfmiddlewaretoken" for value in values]


def _back(page: OpenCase) -> str:
    """Who sees the case; the case list when this act ended one's own access."""
    if not ReturnCase.objects.visible_to(page.member).filter(pk=page.case.pk).exists():
        return reverse("cases:list")
    return reverse("cases:access", args=[page.case.number])


def posted(page: OpenCase) -> Any:
    return page.request.POST if page.request.method == "POST" else None


# --- sharing --------------------------------------------------------------------------------------------------------


@case_page("case.share")
def share(page: OpenCase) -> HttpResponse:
    combinations = list(sharings())
    codes = {one.organisation for one in combinations}
    units = list(
        Unit.objects.valid()
        .filter(organisation__code__in=codes)
        .select_related("organisation")
        .order_by("organisation__code", "name")
    )
    organisations = {unit.organisation.code: unit.organisation for unit in units}
    offered = [one for one in combinations if one.organisation in organisations]
    form = ShareForm(posted(page), sharings=offered, units=units, organisations=organisations)

    def preview(form: ShareForm) -> Preview:
        unit, wanted = form.chosen_unit, form.sharing
        check_share(page.case, unit, wanted)
        before = keys_by_unit(page.case).get(unit.pk, UnitKeys())
        after = before.with_parts(unit.organisation.code, before.parts | {(wanted.part, wanted.ground)})
        facts = [
            (_("Unit"), unit.full_name),
            (_("Part in the case"), Part(wanted.part).label),
            (_("Reason"), form.cleaned_data["reason"]),
        ]
        return Preview(facts, changes_of(effects(page.case, unit, before, after)), _("The unit is told."))

    def do(form: ShareForm) -> str:
        share_case(page.case, form.chosen_unit, form.sharing, by=page.member, reason=form.cleaned_data["reason"])
        return _("The case is now shared with %(unit)s.") % {"unit": form.chosen_unit.full_name}

    intro = _("Share the case only with who needs it for the work. On the next page you see what the unit will see.")
    return act(page, form, Act(_("Share the case"), _("Share the case"), preview, do, intro=intro))


@case_page("case.share")
def end(page: OpenCase, pk: int) -> HttpResponse:
    involvement = _involvement(page, pk)
    unit = involvement.unit

    def preview(form: ReasonForm) -> Preview:
        check_end(involvement)
        before = keys_by_unit(page.case).get(unit.pk, UnitKeys())
        left = before.parts - {(involvement.part, involvement.ground)}
        after = before.with_parts(unit.organisation.code, left)
        facts = [*_part_facts(involvement), (_("Reason"), form.cleaned_data["reason"])]
        note = _("The access stops at once. The unit is told. You can share the case again later.")
        return Preview(facts, changes_of(effects(page.case, unit, before, after)), note)

    def do(form: ReasonForm) -> str:
        end_share(involvement, by=page.member, reason=form.cleaned_data["reason"])
        return _("The case is no longer shared with %(unit)s.") % {"unit": unit.full_name}

    words = Act(_("End the sharing"), _("End the sharing"), preview, do, facts=_part_facts(involvement), danger=True)
    return act(page, ReasonForm(posted(page)), words)


def _involvement(page: OpenCase, pk: int) -> Involvement:
    """A running part of another unit in this case; of another case it does not exist."""
    found = Involvement.objects.running().filter(case=page.case).exclude(part=Part.LEAD)
    return get_object_or_404(found.select_related("unit__organisation", "case"), pk=pk)


def _part_facts(involvement: Involvement) -> list[tuple[str, object]]:
    return [
        (_("Unit"), involvement.unit.full_name),
        (_("Part in the case"), Part(involvement.part).label),
        (_("Since"), date_long(involvement.since)),
    ]


# --- exceptions -----------------------------------------------------------------------------------------------------


@case_page("case.share")
def exception(page: OpenCase, pk: int) -> HttpResponse:
    involvement = _involvement(page, pk)
    unit = involvement.unit
    form = ExceptionForm(posted(page), sections=case_sections())

    def preview(form: ExceptionForm) -> Preview:
        section, until = form.cleaned_data["section"], form.until_moment
        check_exception(page.case, unit, section, allowed=form.allowed, until=until)
        before = keys_by_unit(page.case).get(unit.pk, UnitKeys())
        changes = changes_of(effects(page.case, unit, before, before.with_exception(section, form.allowed)))
        facts = [
            (_("Unit"), unit.full_name),
            (_("Section"), section_name(section)),
            (_("Exception"), effect_word(form.allowed)),
            (_("Until"), until_text(until)),
            (_("Reason"), form.cleaned_data["reason"]),
        ]
        return Preview(facts, changes, _("The unit is told, without the reason."))

    def do(form: ExceptionForm) -> str:
        set_exception(
            page.case,
            unit,
            form.cleaned_data["section"],
            allowed=form.allowed,
            until=form.until_moment,
            by=page.member,
            reason=form.cleaned_data["reason"],
        )
        words = {"unit": unit.full_name, "section": section_name(form.cleaned_data["section"])}
        if form.allowed:
            return _("%(unit)s now sees this section: %(section)s.") % words
        return _("%(unit)s no longer sees this section: %(section)s.") % words

    intro = _("An exception holds for this case only. Sensitive sections are opened to named members, not to a unit.")
    words = Act(_("Narrow or widen"), _("Record exception"), preview, do, intro=intro, facts=_part_facts(involvement))
    return act(page, form, words)


@case_page("case.share")
def lift(page: OpenCase, pk: int) -> HttpResponse:
    found = SectionException.objects.running().filter(case=page.case).select_related("unit__organisation")
    one = get_object_or_404(found, pk=pk)
    facts: list[tuple[str, object]] = [
        (_("Unit"), one.unit.full_name),
        (_("Section"), section_name(one.section)),
        (_("Now"), effect_word(one.allowed)),
    ]

    def preview(form: ReasonForm) -> Preview:
        before = keys_by_unit(page.case).get(one.unit_id, UnitKeys())
        changes = changes_of(effects(page.case, one.unit, before, before.with_exception(one.section, None)))
        return Preview([*facts, (_("Reason"), form.cleaned_data["reason"])], changes, _("The unit is told."))

    def do(form: ReasonForm) -> str:
        lift_exception(one, by=page.member, reason=form.cleaned_data["reason"])
        return _("The exception for %(unit)s has ended.") % {"unit": one.unit.full_name}

    return act(
        page, ReasonForm(posted(page)), Act(_("Lift the exception"), _("Lift the exception"), preview, do, facts=facts)
    )


# --- access by name -------------------------------------------------------------------------------------------------


@case_page("case.share")
def name(page: OpenCase) -> HttpResponse:
    running = Involvement.objects.in_force().filter(case=page.case).values_list("unit_id", flat=True)
    form = NamedForm(posted(page), memberships=memberships_in(running), sections=case_sections())

    def preview(form: NamedForm) -> Preview:
        one, section, until = form.membership, form.cleaned_data["section"], form.until_moment
        check_named(page.case, one, section, until=until)
        facts = [
            (_("Who"), f"{one.member}, {one.role}"),
            (_("Section"), section_name(section)),
            (_("Until"), until_text(until)),
            (_("Reason"), form.cleaned_data["reason"]),
        ]
        change = Change(one.unit.organisation.short_name, str(one.member), section_name(section), "")
        return Preview(facts, [change], _("This colleague is told. Nobody else of the unit sees the section."))

    def do(form: NamedForm) -> str:
        section, reason = form.cleaned_data["section"], form.cleaned_data["reason"]
        name_member(page.case, form.membership, section, until=form.until_moment, by=page.member, reason=reason)
        words = {"name": form.membership.member, "section": section_name(section)}
        return _("%(name)s now sees this section: %(section)s.") % words

    intro = _("Opens one section to one colleague of a unit that takes part, such as a protected address.")
    return act(page, form, Act(_("Give access by name"), _("Give access"), preview, do, intro=intro))


@case_page("case.share")
def end_name(page: OpenCase, pk: int) -> HttpResponse:
    found = NamedAccess.objects.running().filter(case=page.case).select_related("member", "unit__organisation")
    named = get_object_or_404(found, pk=pk)
    facts: list[tuple[str, object]] = [
        (_("Who"), str(named.member)),
        (_("Kind"), named.get_kind_display()),
        (_("Until"), date_time(named.until)),
    ]

    def preview(form: ReasonForm) -> Preview:
        same = found.filter(member=named.member, kind=named.kind)
        ending = [named] if named.kind != "emergency" else list(same)
        loses = ", ".join(section_name(one.section) for one in ending)
        organisation = named.unit.organisation.short_name if named.unit else ""
        change = Change(organisation, str(named.member), "", loses)
        return Preview([*facts, (_("Reason"), form.cleaned_data["reason"])], [change], _("This colleague is told."))

    def do(form: ReasonForm) -> str:
        end_named(named, by=page.member, reason=form.cleaned_data["reason"])
        return _("The access of %(name)s has ended.") % {"name": named.member}

    words = Act(_("End access by name"), _("End access"), preview, do, facts=facts, danger=True)
    return act(page, ReasonForm(posted(page)), words)


# --- consent --------------------------------------------------------------------------------------------------------


@case_page("consent.change")
def consent(page: OpenCase) -> HttpResponse:
    running = Consent.objects.running().filter(case=page.case).values("party")
    codes = consent_parties()
    parties = list(Organisation.objects.filter(code__in=codes).exclude(pk__in=running))
    form = ConsentForm(posted(page), parties=parties)

    def preview(form: ConsentForm) -> Preview:
        data = form.cleaned_data
        facts = [
            (_("Organisation"), form.chosen_party.name),
            (_("Given on"), date_long(data["given_on"])),
            (_("Where is the original?"), data["original_at"]),
            (_("For what does the consent hold?"), data["scope"]),
        ]
        return Preview(facts, [], _("Nobody receives anything yet. From now on you can share the case on this ground."))

    def do(form: ConsentForm) -> str:
        data = form.cleaned_data
        give_consent(
            page.case,
            form.chosen_party,
            given_on=data["given_on"],
            how=data["how"],
            original_at=data["original_at"],
            scope=data["scope"],
            by=page.member,
        )
        return _("The consent is recorded. You can now share the case with %(party)s.") % {"party": form.chosen_party}

    intro = _("Only the person can consent. Record what was signed or said, and where the original is.")
    return act(page, form, Act(_("Record consent"), _("Record consent"), preview, do, intro=intro))


@case_page()
def withdraw(page: OpenCase, pk: int) -> HttpResponse:
    """The responsible unit, or the organisation that the consent was for; for others it does not exist."""
    if not (page.can("consent.change") or page.can("consent.withdraw")):
        raise NotAllowed("consent.change", page.case)
    found = Consent.objects.running().filter(case=page.case).select_related("party")
    if not page.can("consent.change"):
        found = found.filter(party__code=page.member.acting_organisation)
    one = get_object_or_404(found, pk=pk)
    facts: list[tuple[str, object]] = [(_("Organisation"), one.party.name), (_("Given on"), date_long(one.given_on))]

    def preview(form: WithdrawForm) -> Preview:
        changes: list[Change] = []
        for part in parts_on(one):
            before = keys_by_unit(page.case).get(part.unit_id, UnitKeys())
            after = before.with_parts(part.unit.organisation.code, before.parts - {(part.part, part.ground)})
            changes += changes_of(effects(page.case, part.unit, before, after))
        told = [*facts, (_("Withdrawn on"), date_long(form.cleaned_data["withdrawn_on"]))]
        return Preview(told, changes, _("What was shared on this consent ends at once, and the units are told."))

    def do(form: WithdrawForm) -> str:
        data = form.cleaned_data
        withdraw_consent(one, withdrawn_on=data["withdrawn_on"], by=page.member, reason=data["reason"])
        return _("The consent for %(party)s is withdrawn. Nothing is shared on it any more.") % {"party": one.party}

    title = _("Withdraw consent")
    return act(page, WithdrawForm(posted(page)), Act(title, title, preview, do, facts=facts, danger=True))
