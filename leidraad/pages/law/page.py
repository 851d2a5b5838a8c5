"""*Besluiten*: what was applied for, decided, contested and put off, and where it stands."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from cases.procedure.law_lines import (
    ClaimLine,
    DecisionLine,
    Law,
    Line,
    PostponementLine,
    ProcedureLine,
    RemedyLine,
    law_of,
)
from cases.procedure.models import Decision, Postponement, Procedure, Remedy, Ruling, TransferClaim
from cases.procedure.stated import StatedProcedure, stated_procedure
from leidraad.lib.errors import NotAllowed
from leidraad.pages.case_frame import OpenCase, case_page

VIEW, CHANGE = "decisions.view", "decisions.change"
POSTPONE, SEE_POSTPONED = "postponement.change", "postponement.view"

Act = tuple[str, str]


@dataclass(frozen=True)
class Drawn:
    """A line with what this viewer may do about it, as label and address."""

    line: Line
    acts: list[Act]
    parts: list["Drawn"]


def may_open(page: OpenCase) -> bool:
    return page.can(VIEW) or page.can(SEE_POSTPONED)


@require_GET
@case_page()
def decisions(page: OpenCase) -> HttpResponse:
    """Everything about the law that this viewer may read. Who may read none of it is refused."""
    if not may_open(page):
        raise NotAllowed(VIEW, page.case)
    law = law_of(page.case, page.can)
    acts = Acts(page)
    return page.render(
        "pages/law/decisions.html",
        "decisions",
        law=law,
        sections=_sections(page, law, acts),
        stated=_stated(page),
        standing=_standing(law),
    )


def _sections(page: OpenCase, law: Law, acts: "Acts") -> list[dict[str, Any]]:
    """The panels in their order: what holds people back first, then decisions, claims and procedures."""
    found = []
    if page.can(SEE_POSTPONED):
        lines = [Drawn(line, acts.of_postponement(line), []) for line in law.postponements]
        empty = _("No ground that bars or puts off departure is recorded that you may see.")
        found.append(
            _section("uitstel", _("Postponement and protection"), lines, empty, acts.add_postponement(), "postponement")
        )
    if page.can(VIEW):
        lines = [Drawn(line, acts.of_decision(line), acts.remedies_of(line)) for line in law.decisions]
        empty = _("No decision is recorded yet.")
        found.append(_section("besluiten", _("Decisions and remedies"), lines, empty, acts.add_decision(), "decision"))
    if page.can("procedure.view"):
        lines = [Drawn(line, acts.of_claim(line), []) for line in law.claims]
        empty = _("No other member state was asked to take over, as far as is recorded.")
        found.append(_section("claim", _("Responsible member state"), lines, empty, acts.add_claim(), "claim"))
        lines = [Drawn(line, acts.of_procedure(line), []) for line in law.procedures]
        empty = _("No procedure is recorded yet.")
        found.append(_section("procedures", _("Procedures"), lines, empty, acts.add_procedure(), "procedure"))
    return found


def _section(key: str, title: str, lines: list[Drawn], empty: str, add: Act | None, kind: str) -> dict[str, Any]:
    label, url = add or ("", "")
    return {"key": key, "title": title, "lines": lines, "empty": empty, "kind": kind, "add": label, "add_url": url}


def _standing(law: Law) -> list[tuple[str, str]]:
    """What holds now, as shape and sentence: open remedies that suspend, and grounds in force."""
    found = []
    for decision in law.decisions:
        for remedy in decision.remedies:
            if isinstance(remedy.one, Remedy) and remedy.one.suspends:
                found.append(("no", f"{remedy.title}: {remedy.sentence}"))
    for line in law.postponements:
        if isinstance(line.one, Postponement) and line.one.is_running:
            words = {"ground": line.title, "state": line.one.get_state_display()}
            found.append(("warn", _("%(ground)s: %(state)s.") % words))
    return found


def _stated(page: OpenCase) -> StatedProcedure | None:
    """What the dossier said, beside what was recorded since, for who follows the procedure. One query."""
    return stated_procedure(page.case) if page.can("procedure.view") else None


class Acts:
    """What the viewer may do on this case, as label and address. Nothing on a closed case."""

    def __init__(self, page: OpenCase) -> None:
        self.number = page.case.number
        self.records = page.can(CHANGE) and not page.case.is_closed
        self.postpones = page.can(POSTPONE) and not page.case.is_closed

    def to(self, name: str, label: str, *args: Any) -> Act:
        return (label, reverse(f"cases:{name}", args=[self.number, *args]))

    def add_procedure(self) -> Act | None:
        return self.to("law-procedure-new", _("Record a procedure")) if self.records else None

    def add_decision(self) -> Act | None:
        return self.to("law-decision-new", _("Record a decision")) if self.records else None

    def add_claim(self) -> Act | None:
        return self.to("law-claim-new", _("Record a claim")) if self.records else None

    def add_postponement(self) -> Act | None:
        return self.to("law-postponement-new", _("Record a ground")) if self.postpones else None

    def _last(self, line: Line, what: str) -> list[Act]:
        """Confirming what only the dossier states, and taking back what should not have been recorded."""
        confirm = self.to("law-confirm", pgettext("button", "Confirm"), what, line.one.pk)
        strike = self.to("law-strike", _("Recorded wrongly?"), what, line.one.pk)
        return [strike] if line.one.is_confirmed else [confirm, strike]

    def of_procedure(self, line: ProcedureLine) -> list[Act]:
        one = line.one
        if not self.records or not one.is_standing or not isinstance(one, Procedure):
            return []
        change = self.to("law-procedure-change", pgettext("button", "Change"), one.pk)
        if not one.is_open:
            return [change, *self._last(line, "procedure")]
        step = [self.to("law-step", _("Record a step"), one.pk)] if one.kind else []
        return [*step, self.to("law-procedure-end", _("Has ended"), one.pk), change, *self._last(line, "procedure")]

    def of_decision(self, line: DecisionLine) -> list[Act]:
        one = line.one
        if not self.records or not one.is_standing or not isinstance(one, Decision):
            return []
        told = _("Change the notification") if one.notified_on else _("Record the notification")
        found = [self.to("law-notify", told, one.pk), self.to("law-remedy-new", _("Record a remedy"), one.pk)]
        if one.period_days is not None:
            found.append(self.to("law-period", _("Change the departure period"), one.pk))
        return [*found, self.to("law-replace", _("Replace or correct"), one.pk), *self._last(line, "besluit")]

    def remedies_of(self, line: DecisionLine) -> list[Drawn]:
        return [Drawn(remedy, self.of_remedy(remedy), []) for remedy in line.remedies]

    def of_remedy(self, line: RemedyLine) -> list[Act]:
        one = line.one
        if not self.records or not one.is_standing or not isinstance(one, Remedy):
            return []
        running = [
            self.to("law-ruling", _("Record the ruling"), one.pk),
            self.to("law-hearing", _("Record a hearing"), one.pk),
            self.to("law-effect", _("Change the effect"), one.pk),
        ]
        if one.ruled_on is not None:
            running = running[:1] if one.ruling == Ruling.NOT_STATED else []
        return [*running, *self._last(line, "rechtsmiddel")]

    def of_claim(self, line: ClaimLine) -> list[Act]:
        one = line.one
        if not self.records or not one.is_standing or not isinstance(one, TransferClaim):
            return []
        change = self.to("law-claim-change", _("Record the reply or correct"), one.pk)
        move = [self.to("law-claim-move", _("Move the latest day"), one.pk)] if one.is_accepted else []
        return [change, *move, *self._last(line, "claim")]

    def of_postponement(self, line: PostponementLine) -> list[Act]:
        one = line.one
        if not self.postpones or not isinstance(one, Postponement) or not one.is_standing:
            return []
        step = [self.to("law-postponement-step", _("Record the next step"), one.pk)] if one.is_running else []
        return [*step, *self._last(line, "uitstel")]
