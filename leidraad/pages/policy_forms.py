"""What an administrator sends about the policy: filters, one line, and a reason."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from leidraad.lib import clock
from leidraad.lib.forms import DateField, Form, TextField
from leidraad.pages import policy_words
from partners.models import PolicyLine, PolicyVersion
from partners.policy import ANY_ROLE
from partners.policy_checks import Vocabulary
from partners.policy_rules import Line

ALL = ("", gettext_lazy("All"))


class FilterForm(Form):
    """A GET form; a value it does not know is no filter."""

    organisatie = forms.ChoiceField(label=gettext_lazy("Organisation"), required=False)
    rol = forms.ChoiceField(label=pgettext_lazy("policy", "Role"), required=False)
    onderdeel = forms.ChoiceField(label=gettext_lazy("Section"), required=False)
    optional_unmarked = ("organisatie", "rol", "onderdeel")

    def __init__(self, data: Any, lines: Iterable[PolicyLine], words: policy_words.Names) -> None:
        super().__init__(data)
        lines = list(lines)
        roles = {(one.organisation, one.role) for one in lines}
        sections = {section for one in lines for section in one.sections.split()}
        self._offer("organisatie", {code: words.organisation(code) for code, _role in roles})
        self._offer(
            "rol", {f"{org}:{role}": f"{words.organisation(org)}, {words.role(org, role)}" for org, role in roles}
        )
        self._offer("onderdeel", {section: policy_words.section_word(section) for section in sections})

    def _offer(self, name: str, found: dict[str, str]) -> None:
        field: Any = self.fields[name]
        field.choices = [ALL, *sorted(found.items(), key=lambda one: one[1].lower())]

    def keeps(self, line: PolicyLine) -> bool:
        """A line for everybody of an organisation is a line for each of its roles."""
        chosen = self.chosen
        organisation, _colon, role = chosen.get("rol", "").partition(":")
        return (
            chosen.get("organisatie", line.organisation) == line.organisation
            and (not role or (line.organisation == organisation and line.role in (role, ANY_ROLE)))
            and (not chosen.get("onderdeel") or chosen["onderdeel"] in line.sections.split())
        )

    @property
    def chosen(self) -> dict[str, str]:
        self.is_valid()
        return {name: self.cleaned_data[name] for name in self.fields if self.cleaned_data.get(name)}


class LineForm(Form):
    """One line. `seen_version` guards against an older page."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput)
    who = forms.ChoiceField(label=gettext_lazy("Organisation and role"))
    part = forms.ChoiceField(
        label=gettext_lazy("Part in the case"), help_text=gettext_lazy("What the unit does in the case.")
    )
    sections = forms.MultipleChoiceField(label=gettext_lazy("Sections"), widget=forms.CheckboxSelectMultiple)
    verbs = forms.MultipleChoiceField(
        label=gettext_lazy("What may be done with them?"), widget=forms.CheckboxSelectMultiple
    )
    condition = forms.ChoiceField(label=gettext_lazy("Condition"), required=False, widget=forms.RadioSelect)
    ground = forms.ChoiceField(label=gettext_lazy("Ground"), widget=forms.RadioSelect)
    valid_from = DateField(
        label=gettext_lazy("First day"), required_message=gettext_lazy("Fill in on which day this begins.")
    )
    valid_until = DateField(
        label=gettext_lazy("Last day"),
        required=False,
        help_text=gettext_lazy("On this day it still holds. For example 23-11-2026."),
    )
    optional_unmarked = ("condition",)
    required_messages = {
        "who": gettext_lazy("Choose for which role this line is."),
        "part": gettext_lazy("Choose in which part this line holds."),
        "sections": gettext_lazy("Choose at least one section."),
        "verbs": gettext_lazy("Choose at least one thing that may be done."),
        "ground": gettext_lazy("Choose the ground."),
    }

    def __init__(
        self, data: Any, *, draft: PolicyVersion, words: Vocabulary, names: policy_words.Names, line: PolicyLine | None
    ) -> None:
        self.words = words
        super().__init__(data, initial=_initial(line) | {"seen_version": draft.version})
        kept = line.as_line if line is not None else None
        sections = {cap.partition(".")[0] for _in, cap in words.capabilities} | set(kept.sections if kept else ())
        verbs = {cap.partition(".")[2] for _in, cap in words.capabilities} | set(kept.verbs if kept else ())
        self._offer("who", _who(words, names), empty=True)
        self._offer("part", [(one, str(label)) for one, label in policy_words.PARTS.items()], empty=True)
        self._offer("sections", _sorted((one, policy_words.section_word(one)) for one in sections))
        self._offer("verbs", _sorted((one, policy_words.verb_word(one)) for one in verbs))
        self._offer("condition", [(one, str(label)) for one, label in policy_words.CONDITIONS.items()])
        self._offer("ground", [(one, str(label)) for one, label in policy_words.GROUNDS.items()])

    def _offer(self, name: str, choices: list[Any], *, empty: bool = False) -> None:
        field: Any = self.fields[name]
        field.choices = [("", pgettext("policy", "Choose")), *choices] if empty else choices

    def clean(self) -> dict[str, Any]:
        """Names the section and what cannot be done with it there; the act itself refuses it as well."""
        sent = self.cleaned_data
        for section in sent.get("sections", ()):
            known = self.words.verbs_of(sent.get("part", ""), section)
            unknown = [verb for verb in sent.get("verbs", ()) if verb not in known]
            if "part" in sent and unknown:
                values = {"section": policy_words.section_word(section), "verb": policy_words.verb_word(unknown[0])}
                self.add_error("verbs", _("%(section)s, %(verb)s: this does not exist in this part.") % values)
                break
        return sent

    @property
    def line(self) -> Line:
        """Of a valid form."""
        sent = self.cleaned_data
        organisation, _colon, role = sent["who"].partition(":")
        return Line(
            organisation=organisation,
            role=role,
            part=sent["part"],
            sections=tuple(sent["sections"]),
            verbs=tuple(sent["verbs"]),
            condition=sent["condition"],
            ground=sent["ground"],
            valid_from=sent["valid_from"],
            valid_until=sent["valid_until"],
        )

    def drawn_anew(self, stored: PolicyVersion) -> None:
        """Keep what was typed, on the version that is stored now."""
        data: Any = QueryDict(mutable=True)
        data.update(self.data)
        data["seen_version"] = str(stored.version)
        self.data = data


def _initial(line: PolicyLine | None) -> dict[str, Any]:
    if line is None:
        return {"condition": "", "ground": "task", "valid_from": clock.today()}
    return {
        "who": f"{line.organisation}:{line.role}",
        "part": line.part,
        "sections": line.sections.split(),
        "verbs": line.verbs.split(),
        "condition": line.condition,
        "ground": line.ground,
        "valid_from": line.valid_from,
        "valid_until": line.valid_until,
    }


def _sorted(choices: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted(choices, key=lambda one: one[1].lower())


def _who(words: Vocabulary, names: policy_words.Names) -> list[tuple[str, list[tuple[str, str]]]]:
    """Roles by organisation, and everybody of each."""
    found: dict[str, list[tuple[str, str]]] = {}
    for organisation, role in sorted(words.roles | {(one, ANY_ROLE) for one in words.organisations}):
        choice = (f"{organisation}:{role}", names.role(organisation, role))
        found.setdefault(names.organisation(organisation), []).append(choice)
    return sorted(found.items())


class ReasonForm(Form):
    """One text, with the version its page was drawn from."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput)
    reason = TextField(label="", rows=3, max_length=500)

    def __init__(self, data: Any, *, version: PolicyVersion, label: str, required: str, prefix: str) -> None:
        super().__init__(data, prefix=prefix, initial={"seen_version": version.version})
        self.fields["reason"].label = label
        self.fields["reason"].error_messages["required"] = required


def proposing(data: Any, version: PolicyVersion) -> ReasonForm:
    why = _("Why does the policy have to change?")
    return ReasonForm(
        data, version=version, label=why, required=_("Write why the policy has to change."), prefix="propose"
    )


def withdrawing(data: Any, version: PolicyVersion) -> ReasonForm:
    why = _("Why does it not come into force?")
    required = _("Write why it does not come into force.")
    return ReasonForm(data, version=version, label=why, required=required, prefix="withdraw")
