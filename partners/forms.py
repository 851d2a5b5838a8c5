"""How a member wants Leidraad: language and keys."""

from django import forms
from django.utils.translation import gettext_lazy as _

from leidraad.lib.forms import Form

LANGUAGES = [("nl", "Nederlands"), ("en", "English")]


class LanguageForm(forms.Form):
    language = forms.ChoiceField(choices=LANGUAGES)


class DisplayForm(Form):
    """How Leidraad looks and listens for one member, on every device."""

    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES, widget=forms.RadioSelect)
    shortcuts_on = forms.BooleanField(
        label=_("Single keys as shortcuts"),
        help_text=_("Switch them off when you steer the computer by voice, or when keys are pressed by accident."),
        required=False,
    )
