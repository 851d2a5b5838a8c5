"""Forms as all screens use them: renderer, base classes, fields and plain messages.

Use `Form` or `ModelForm` from here. Templates write `{{ form }}`, or `{{ form.field.as_field_group }}` per field.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias, TypeVar, cast

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField as DjangoBoundField
from django.forms.renderers import TemplatesSetting
from django.forms.widgets import Input
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

if TYPE_CHECKING:
    from django.db.models import Model

_M = TypeVar("_M", bound="Model")

DATE_FORMATS = ("%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y", "%d %m %Y", "%Y-%m-%d", "%d%m%Y")
TIME_FORMATS = ("%H:%M", "%H.%M", "%H%M", "%H:%M:%S")

_CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxInput, ""),
    (forms.CheckboxSelectMultiple, "choices"),
    (forms.RadioSelect, "choices"),
    (forms.FileInput, ""),
    (forms.HiddenInput, ""),
    (forms.Textarea, "utrecht-textarea utrecht-textarea--html-textarea"),
    (forms.Select, "utrecht-select utrecht-select--html-select"),
    (Input, "utrecht-textbox utrecht-textbox--html-input"),
)


class BoundField(DjangoBoundField):
    """Gives each widget the component's class and, when wrong, the component's look of wrong."""

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        widget = widget or self.field.widget
        attrs = super().build_widget_attrs(attrs, widget)
        names = next((names for kind, names in _CLASSES if isinstance(widget, kind)), "")
        if names and self.errors and names.startswith("utrecht-"):
            names = f"{names} {names.split()[0]}--invalid"
        given = widget.attrs.get("class", "")
        if names or given:
            attrs["class"] = " ".join(part for part in (names, given) if part)
        return attrs

    @property
    def is_check(self) -> bool:
        """A single checkbox: its label stands behind it."""
        return isinstance(self.field.widget, forms.CheckboxInput)

    @property
    def optional_mark(self) -> bool:
        """Whether the label says "(niet verplicht)". A lone checkbox never does: not ticking it is an answer."""
        return not self.field.required and not self.is_check and not getattr(self.field, "no_optional_mark", False)


class Renderer(TemplatesSetting):
    """Finds form templates in the project's own template folders."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
    bound_field_class = BoundField


class PlainMessages(forms.BaseForm):
    """Says what to do instead of "Dit veld is verplicht".

    `required_messages` names the sentence per field; a field may carry its own as `required_message`.
    Without either, a sentence is made of the label.
    """

    required_messages: ClassVar[Mapping[str, StrOrPromise]] = {}
    optional_unmarked: ClassVar[Sequence[str]] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.error_messages["required"] = self._required_message(name, field)
            if "invalid_choice" in field.error_messages and not isinstance(field, forms.MultipleChoiceField):
                field.error_messages["invalid_choice"] = _("Choose one of the options shown.")
            if name in self.optional_unmarked:
                field.no_optional_mark = True  # type: ignore[attr-defined]  # read by BoundField only

    def _required_message(self, name: str, field: forms.Field) -> StrOrPromise:
        own = self.required_messages.get(name) or getattr(field, "required_message", None)
        if own:
            return cast(StrOrPromise, own)
        default = field.default_error_messages.get("required") or forms.Field.default_error_messages["required"]
        if str(field.error_messages.get("required", default)) != str(forms.Field.default_error_messages["required"]):
            return field.error_messages["required"]
        label = str(field.label or name.replace("_", " "))
        if isinstance(field, forms.ChoiceField | forms.ModelChoiceField):
            return _("Choose: %(label)s.") % {"label": label[:1].lower() + label[1:]}
        return _("Fill in: %(label)s.") % {"label": label[:1].lower() + label[1:]}


class Form(PlainMessages, forms.Form):
    """The base of every form. No browser bubbles: the server answers in whole sentences."""

    use_required_attribute = False


if TYPE_CHECKING:
    DjangoModelForm: TypeAlias = forms.ModelForm[_M]
else:
    # At run time Django's class takes no parameter; the subscript of ours falls through to this one.
    class DjangoModelForm(forms.ModelForm):
        def __class_getitem__(cls, _model: object) -> type:
            return cls


class ModelForm(PlainMessages, DjangoModelForm[_M]):
    """The base of every form over a model: `class PlanForm(ModelForm[Plan])`."""

    use_required_attribute = False


class TextField(forms.CharField):
    """Text with a length hint below it when long. `rows` makes it an area."""

    def __init__(
        self, *, rows: int = 0, max_length: int | None = None, required_message: StrOrPromise = "", **kwargs: Any
    ) -> None:
        self.required_message = required_message
        if rows and "widget" not in kwargs:
            kwargs["widget"] = forms.Textarea(attrs={"rows": rows})
        if rows and max_length and not kwargs.get("help_text"):
            kwargs["help_text"] = format_lazy(gettext_lazy("At most {count} characters."), count=max_length)
        super().__init__(max_length=max_length, **kwargs)


class DateInput(forms.DateInput):
    """One box that takes 23-11-2026. Numbers keyboard on phones, no browser calendar that speaks another language."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        base = {"class": "w-date", "inputmode": "numeric", "autocomplete": "off"}
        super().__init__(attrs=base | (attrs or {}), format="%d-%m-%Y")


class DatePartsInput(forms.MultiWidget):
    """Day, month and year in three boxes, for dates that people know by heart."""

    joined_by = "-"
    template_name = "forms/date_parts.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        small = {"inputmode": "numeric", "autocomplete": "off", "maxlength": "2", "class": "utrecht-textbox w-2"}
        widgets: dict[str, forms.Widget | type[forms.Widget]] = {
            "day": forms.TextInput(small),
            "month": forms.TextInput(small),
            "year": forms.TextInput(small | {"maxlength": "4", "class": "utrecht-textbox w-4"}),
        }
        super().__init__(widgets, attrs)

    def decompress(self, value: Any) -> list[Any]:
        if isinstance(value, date):
            return [value.day, value.month, value.year]
        return [None, None, None]

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """One text, so that the field reads it like a date typed in one box."""
        day, month, year = (str(part or "").strip() for part in super().value_from_datadict(data, files, name))
        return f"{day}-{month}-{year}" if day or month or year else ""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        if isinstance(value, str):  # what was typed and could not be read comes back as it was
            value = [*value.split("-"), "", "", ""][:3]
        return super().get_context(name, value, attrs)


class DateField(forms.DateField):
    """A date as people write it. `parts=True` asks day, month and year apart."""

    default_error_messages = {"invalid": gettext_lazy("Write the date as day-month-year, for example 23-11-2026.")}

    def __init__(self, *, parts: bool = False, required_message: StrOrPromise = "", **kwargs: Any) -> None:
        self.required_message = required_message
        kwargs.setdefault("widget", DatePartsInput() if parts else DateInput())
        kwargs.setdefault("help_text", gettext_lazy("For example 23-11-2026."))
        super().__init__(input_formats=DATE_FORMATS, **kwargs)


class TimeField(forms.TimeField):
    """A time as 09:30; 9.30 and 0930 are understood."""

    default_error_messages = {"invalid": gettext_lazy("Write the time as hours:minutes, for example 09:30.")}

    def __init__(self, *, required_message: StrOrPromise = "", **kwargs: Any) -> None:
        self.required_message = required_message
        attrs = {"class": "w-time", "inputmode": "numeric", "autocomplete": "off"}
        kwargs.setdefault("widget", forms.TimeInput(attrs=attrs, format="%H:%M"))
        super().__init__(input_formats=TIME_FORMATS, **kwargs)


class DateTimeInput(forms.MultiWidget):
    """A date box and a time box beside each other."""

    joined_by = " "
    template_name = "forms/date_parts.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        typed = {"inputmode": "numeric", "autocomplete": "off"}
        widgets: dict[str, forms.Widget | type[forms.Widget]] = {
            "date": forms.DateInput(typed | {"class": "utrecht-textbox w-date"}, format="%d-%m-%Y"),
            "time": forms.TimeInput(typed | {"class": "utrecht-textbox w-time"}, format="%H:%M"),
        }
        super().__init__(widgets, attrs)

    def decompress(self, value: Any) -> list[Any]:
        if isinstance(value, datetime):
            local = timezone.localtime(value) if timezone.is_aware(value) else value
            return [local.date(), local.time().replace(second=0, microsecond=0)]
        return [None, None]


class DateTimeField(forms.MultiValueField):
    """A moment: date and time in two boxes; an aware datetime in local time. `default_time` fills an empty time."""

    default_error_messages = {"time_missing": gettext_lazy("Fill in the time too, for example 09:30.")}
    widget = DateTimeInput

    def __init__(self, *, default_time: time | None = None, required_message: StrOrPromise = "", **kwargs: Any) -> None:
        self.default_time = default_time
        self.required_message = required_message
        fields = (DateField(required=False), TimeField(required=False))
        super().__init__(fields=fields, require_all_fields=False, **kwargs)

    def compress(self, data_list: Any) -> datetime | None:
        if not data_list or (data_list[0] is None and data_list[1] is None):
            return None
        day, moment = data_list
        if day is None:
            raise ValidationError(_("Fill in the date too, for example 23-11-2026."), code="date_missing")
        moment = moment or self.default_time
        if moment is None:
            raise ValidationError(self.error_messages["time_missing"], code="time_missing")
        return timezone.make_aware(datetime.combine(day, moment))
