"""Representatives as pages show them: whom, since when, who says so, and of what they were informed. Nothing here writes."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cases.case.models import ReturnCase
from cases.procedure.models import Representative, RepresentativeInformed
from leidraad.lib.display import date_long
from partners.models import Member

Can = Callable[[str], bool]
SHOWN_INFORMED = 100


@dataclass(frozen=True)
class InformedLine:
    row: RepresentativeInformed
    what: str
    when: str
    who: str
    may_strike: bool


@dataclass(frozen=True)
class RepresentativeLine:
    """One representative. `mark` says by shape and word whether this one runs, and how sure it is."""

    one: Representative
    mark: tuple[str, str]
    kind: str
    term: str
    source: str
    end_reason: str
    informed: list[InformedLine] = field(default_factory=list)


def lines_of(case: ReturnCase, member: Member, can: Can) -> list[RepresentativeLine]:
    """All of the case, the main one first, those who stopped last. Two queries; the caller has asked `representatives.view`."""
    found = {one.pk: line_of(one) for one in Representative.objects.of_case(case)}
    rows = RepresentativeInformed.objects.filter(case=case).select_related("matter", "by", "unit__organisation")
    for row in rows.order_by("-informed_on", "-pk")[:SHOWN_INFORMED]:
        if can(f"{row.matter.section}.view"):
            found[row.representative_id].informed.append(_informed(row, member, can))
    return list(found.values())


def line_of(one: Representative) -> RepresentativeLine:
    kind = str(one.kind)
    if one.is_main:
        kind = _("%(kind)s, main representative") % {"kind": kind}
    # What an import says is stored in English, what a person typed stays as typed.
    why = _(one.end_reason) if one.end_reason else ""
    return RepresentativeLine(one, mark_of(one), kind, term_of(one), source_of(one), why)


def mark_of(one: Representative) -> tuple[str, str]:
    if not one.is_running:
        return ("na", pgettext("representative", "stopped"))
    if not one.is_confirmed:
        return ("unknown", pgettext("representative", "not confirmed"))
    return ("ok", pgettext("representative", "confirmed"))


def term_of(one: Representative) -> str:
    """Since when, and until when for who stopped."""
    words = {"since": date_long(one.since), "until": date_long(one.until)}
    if one.until is not None:
        return (_("%(since)s to %(until)s") if one.since else _("until %(until)s, first day not recorded")) % words
    return _("since %(since)s") % words if one.since else _("first day not recorded")


def source_of(one: Representative) -> str:
    """Who says so: the sender of the dossier until somebody confirmed it."""
    if not one.is_confirmed:
        return _("stated in the dossier of %(sender)s") % {"sender": one.source}
    return _("%(source)s, confirmed on %(date)s") % {"source": one.source, "date": date_long(one.confirmed_at)}


def _informed(row: RepresentativeInformed, member: Member, can: Can) -> InformedLine:
    own = row.unit_id == member.acting_unit_id and row.struck_at is None
    return InformedLine(
        row=row,
        what=f"{row.matter}, {row.get_how_display()}",
        when=date_long(row.informed_on),
        who=f"{row.by}, {row.unit.full_name}" if can("people.view") else row.unit.full_name,
        may_strike=own and can("representatives.change"),
    )
