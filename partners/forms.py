"""Signing in. Whatever is wrong, the answer is the same sentence: nobody learns which part was right."""

from typing import Any, ClassVar

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from leidraad.lib.forms import Form, PlainMessages
from partners import attempts
from partners.models import Member


class SignInForm(PlainMessages, AuthenticationForm):
    """Refuses inactive members everywhere, demo accounts outside a demo, and a name that was tried too often."""

    use_required_attribute = False
    required_messages: ClassVar[dict[str, Any]] = {
        "username": _("Fill in your user name."),
        "password": _("Fill in your password."),
    }
    error_messages = {
        "invalid_login": _("Signing in did not work. Check your details or call the service desk."),
        "inactive": _("Signing in did not work. Check your details or call the service desk."),
        "too_often": _("This was tried too often. Wait five minutes or call the service desk."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("User name")
        self.fields["username"].widget.attrs.update(autocomplete="username", spellcheck="false")
        self.fields["password"].label = _("Password")

    def clean(self) -> dict[str, Any]:
        username = str(self.cleaned_data.get("username") or "")
        if username and attempts.too_many(username):
            raise ValidationError(self.error_messages["too_often"], code="too_often")
        try:
            cleaned = super().clean()
        except ValidationError:
            attempts.failed(username)
            raise
        attempts.succeeded(username)
        return cleaned

    def confirm_login_allowed(self, user: Member) -> None:
        super().confirm_login_allowed(user)
        if not user.may_work_here:
            raise self.get_invalid_login_error()


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
