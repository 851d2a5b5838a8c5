"""What the intake desk sends: a file of dossiers, and a decision about a row that was put aside."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from handover.importing import store
from handover.models import Decision
from leidraad.lib.forms import Form, TextField


class UploadForm(Form):
    """`refused_size` is the size of a request that was not even read, because no file in it can be small enough."""

    file = forms.FileField(
        label=_("Dossier file"),
        help_text=_("CSV in UTF-8, or XLSX. At most 50,000 rows and 50 MB."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
        max_length=255,
        error_messages={
            "empty": _("The file is empty. Send a CSV or XLSX file with a header in row 1."),
            "max_length": _("The name of the file is too long. Give it a shorter name."),
        },
    )
    required_messages = {"file": _("Choose the file you want to read in.")}
    optional_unmarked = ("file",)

    def __init__(self, data: Any = None, files: Any = None, *, refused_size: int = 0) -> None:
        super().__init__(data, files)
        self.refused_size = refused_size
        self.fields["file"].required = not refused_size

    def clean_file(self) -> "UploadedFile[Any] | None":
        file: UploadedFile[Any] | None = self.cleaned_data["file"]
        size = self.refused_size or (file.size if file and file.size else 0)
        if size > store.MAX_BYTES:
            raise forms.ValidationError(store.too_large(size))
        return file


class DecisionForm(Form):
    """Taking over is offered only where it is possible; the act checks it again."""

    decision = forms.ChoiceField(label=_("What has to happen with this row?"), widget=forms.RadioSelect)
    reason = TextField(label=_("Reason"), rows=3, max_length=500)
    required_messages = {"decision": _("Choose what has to happen with this row."), "reason": _("Write why.")}

    def __init__(self, data: Any = None, *, may_take_over: bool) -> None:
        super().__init__(data)
        choices = [(Decision.KEEP, _("Nothing changes in Leidraad"))]
        if may_take_over:
            choices.append((Decision.TAKE_OVER, _("Take the row over as a new version of the dossier")))
        decision: Any = self.fields["decision"]
        decision.choices = choices
        if not may_take_over:
            self.initial["decision"] = Decision.KEEP
