"""The forms of signing in. Whatever is wrong, the answer is the same sentence: nobody learns which part was right."""

from typing import Any, ClassVar

from allauth.account.forms import ChangePasswordForm as AllauthChangePasswordForm
from allauth.account.forms import LoginForm, ReauthenticateForm
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as ReauthenticateByCodeForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.utils.translation import gettext_lazy as _

from leidraad.lib.forms import PlainMessages


class Plain(PlainMessages):
    """Our messages and labels on a form of allauth: no browser bubbles, no text inside the boxes."""

    use_required_attribute = False
    labels: ClassVar[dict[str, Any]] = {}
    help_texts: ClassVar[dict[str, Any]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = self.labels.get(name, field.label)
            field.help_text = self.help_texts.get(name, "")
            field.widget.attrs.pop("placeholder", None)


class SignInForm(Plain, LoginForm):
    labels = {"login": _("User name"), "password": _("Password")}
    required_messages: ClassVar[dict[str, Any]] = {
        "login": _("Fill in your user name."),
        "password": _("Fill in your password."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs.update(autocomplete="username", spellcheck="false", autofocus=True)

    def add_prefix(self, field_name: str) -> str:
        """The field is called `username` on the page, as password managers and our own scripts expect."""
        return str(super().add_prefix("username" if field_name == "login" else field_name))


class CodeLooks(Plain):
    labels = {"code": _("Code")}
    help_texts = {"code": _("Six digits from the app on your phone, or one of your recovery codes.")}
    required_messages: ClassVar[dict[str, Any]] = {"code": _("Fill in the code.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        attrs = {"autocomplete": "one-time-code", "class": "w-date", "spellcheck": "false", "autofocus": True}
        self.fields["code"].widget.attrs.update(attrs)


class CodeForm(CodeLooks, AuthenticateForm):
    pass


class CodeAgainForm(CodeLooks, ReauthenticateByCodeForm):
    pass


class ActivateAppForm(CodeLooks, ActivateTOTPForm):
    help_texts = {"code": _("Six digits that the app shows now.")}


class AddPasskeyForm(Plain, AddWebAuthnForm):
    labels = {"name": _("Name of this passkey")}
    help_texts = {"name": _("For example the device that it is on.")}
    required_messages: ClassVar[dict[str, Any]] = {"credential": _("The device did not give a passkey. Try again.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Each passkey here signs in by itself, for the device asks who is there: no question about it.
        self.fields.pop("passwordless", None)
        name = self.fields["name"]
        name.max_length, name.required = 60, True  # type: ignore[attr-defined]  # a CharField
        name.widget.attrs.update(maxlength="60", autocomplete="off")


class PasswordAgainForm(Plain, ReauthenticateForm):
    labels = {"password": _("Password")}
    required_messages: ClassVar[dict[str, Any]] = {"password": _("Fill in your password.")}


class ChangePasswordForm(Plain, AllauthChangePasswordForm):
    labels = {
        "oldpassword": _("Present password"),
        "password1": _("New password"),
        "password2": _("New password once more"),
    }
    help_texts = {"password1": _("At least twelve characters. Several words that do not belong together are strong.")}
    required_messages: ClassVar[dict[str, Any]] = {
        "oldpassword": _("Fill in your present password."),
        "password1": _("Fill in a new password."),
        "password2": _("Fill in the new password once more."),
    }

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = forms.Form.clean(self) or {}
        first, second = cleaned.get("password1"), cleaned.get("password2")
        if first and second and first != second:
            self.add_error("password2", _("The two new passwords differ. Fill in the same one twice."))
        return cleaned
