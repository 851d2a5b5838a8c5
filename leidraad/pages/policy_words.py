"""The policy in the words of the work: organisations, roles, parts, sections, verbs, conditions and days."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django_stubs_ext import StrOrPromise

from cases.case.access import CAPABILITY_NAMES
from cases.case.models import InvolvementGround, Part
from leidraad.lib.display import date_long
from leidraad.pages.refusals import VERBS
from partners.models import Organisation, PolicyLine, Role
from partners.policy import ANY_ROLE, EMERGENCY, NO_CASE, SENSITIVE
from partners.policy_checks import Why
from partners.policy_rules import Difference, Line, Rule, lines_of

PARTS: Mapping[str, StrOrPromise] = {
    NO_CASE: gettext_lazy("outside a case"),
    **{str(value): label for value, label in Part.choices},
    EMERGENCY: gettext_lazy("emergency access"),
}
CONDITIONS: Mapping[str, StrOrPromise] = {
    "": gettext_lazy("no condition"),
    "named": gettext_lazy("only for a member who was named"),
    "consented": gettext_lazy("with consent of the person"),
    "own_pupil": gettext_lazy("own pupil only"),
    "own_flight": gettext_lazy("own flight only"),
}
GROUNDS: Mapping[str, StrOrPromise] = {str(value): label for value, label in InvolvementGround.choices}
# What belongs to no case and has no name on a refusal.
SECTIONS: Mapping[str, StrOrPromise] = {
    **CAPABILITY_NAMES,
    "cases": pgettext_lazy("policy", "cases"),
}
MORE_VERBS: Mapping[str, StrOrPromise] = {"all": gettext_lazy("of all organisations")}
WHY: Mapping[Why, StrOrPromise] = {
    Why.SECTION: gettext_lazy("a sensitive section"),
    Why.EMERGENCY: gettext_lazy("emergency access"),
    Why.POWERS: gettext_lazy("the power over who may do what, or over reference data"),
    Why.ADMINISTRATORS: gettext_lazy("the administrators themselves"),
    Why.OVERSIGHT: gettext_lazy("what somebody who oversees sees of cases"),
    Why.OWN_ROLE: gettext_lazy("a role of who proposes it"),
}


def section_word(section: str) -> str:
    """With the mark of a sensitive one, in words."""
    name = str(SECTIONS.get(section, section))
    return _("%(section)s (sensitive)") % {"section": name} if section in SENSITIVE else name


def verb_word(verb: str) -> str:
    return str(MORE_VERBS[verb]) if verb in MORE_VERBS else _(VERBS[verb]) if verb in VERBS else verb


@dataclass(frozen=True)
class Names:
    """Organisations and roles by their codes. Two queries."""

    organisations: Mapping[str, str]
    roles: Mapping[tuple[str, str], str]

    def role(self, organisation: str, role: str) -> str:
        return pgettext("policy", "everybody") if role == ANY_ROLE else self.roles.get((organisation, role), role)

    def organisation(self, code: str) -> str:
        return self.organisations.get(code, code)


def names() -> Names:
    organisations = {one.code: one.short_name for one in Organisation.objects.all()}
    roles = Role.objects.select_related("organisation")
    return Names(organisations, {(one.organisation.code, one.code): one.name for one in roles})


@dataclass(frozen=True)
class Row:
    """A line as it is read."""

    organisation: str
    role: str
    part: str
    sections: str
    verbs: str
    condition: str
    ground: str
    days: str
    why: str = ""
    pk: int | None = None

    @property
    def who(self) -> str:
        return f"{self.organisation}, {self.role}"


def row_of(line: Line, words: Names, *, why: Iterable[Why] = (), pk: int | None = None) -> Row:
    return Row(
        organisation=words.organisation(line.organisation),
        role=words.role(line.organisation, line.role),
        part=str(PARTS.get(line.part, line.part)),
        sections=", ".join(section_word(one) for one in line.sections),
        verbs=", ".join(verb_word(one) for one in line.verbs),
        condition=str(CONDITIONS[line.condition]) if line.condition else "",
        ground=str(GROUNDS.get(line.ground, line.ground)),
        days=days_of(line),
        why=", ".join(str(WHY[one]) for one in why),
        pk=pk,
    )


def days_of(line: Line | Rule) -> str:
    if line.valid_until is None:
        return _("from %(day)s") % {"day": date_long(line.valid_from)}
    return _("from %(day)s up to and including %(last)s") % {
        "day": date_long(line.valid_from),
        "last": date_long(line.valid_until),
    }


@dataclass(frozen=True)
class Group:
    organisation: str
    rows: tuple[Row, ...]


def groups_of(lines: Iterable[PolicyLine], words: Names) -> list[Group]:
    """By organisation in the order of the table, then by role: what one role may stands together."""
    found: dict[str, list[Row]] = {}
    for line in lines:
        found.setdefault(line.organisation, []).append(row_of(line.as_line, words, pk=line.pk))
    return [Group(words.organisation(code), tuple(sorted(rows, key=_role_of))) for code, rows in found.items()]


def _role_of(row: Row) -> str:
    return row.role


# --- what differs -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Changed:
    """One right that stays, on other terms."""

    row: Row
    was: str
    now: str


@dataclass(frozen=True)
class Told:
    """What a version changes, in words."""

    added: tuple[Row, ...]
    removed: tuple[Row, ...]
    changed: tuple[Changed, ...]


def _bare(rule: Rule) -> tuple[str, ...]:
    return (rule.organisation, rule.role, rule.part, rule.section, rule.verb)


def told(change: Difference, words: Names, why: Mapping[Rule, Iterable[Why]]) -> Told:
    """A right that is taken away and given again on other terms is one that changed. Pairs only: two of each stay apart."""
    added, removed = _by_right(change.added), _by_right(change.removed)
    pairs = {key for key in added if len(added[key]) == 1 and len(removed.get(key, ())) == 1}
    return Told(
        tuple(_rows((one for one in change.added if _bare(one) not in pairs), words, why)),
        tuple(_rows((one for one in change.removed if _bare(one) not in pairs), words, why)),
        tuple(
            Changed(
                row_of(_line(added[key][0]), words, why=why.get(added[key][0], ())),
                _terms(removed[key][0]),
                _terms(added[key][0]),
            )
            for key in sorted(pairs)
        ),
    )


def _by_right(rules: Iterable[Rule]) -> dict[tuple[str, ...], list[Rule]]:
    found: dict[tuple[str, ...], list[Rule]] = {}
    for rule in rules:
        found.setdefault(_bare(rule), []).append(rule)
    return found


def _line(rule: Rule) -> Line:
    (line,) = lines_of([rule])
    return line


def _terms(rule: Rule) -> str:
    ground = _("ground: %(ground)s") % {"ground": GROUNDS.get(rule.ground, rule.ground)}
    return "; ".join([str(CONDITIONS[rule.condition]), ground, days_of(rule)])


def _rows(rules: Iterable[Rule], words: Names, why: Mapping[Rule, Iterable[Why]]) -> Iterable[Row]:
    for line in lines_of(rules):
        reasons = {one for rule in line.rules for one in why.get(rule, ())}
        yield row_of(line, words, why=[one for one in Why if one in reasons])
