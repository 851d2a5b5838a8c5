"""S25, "Toon stand op …": the case as it was recorded at a moment. Nothing can be done from here, and nothing is put back."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from cases.case.history_state import state_of
from leidraad.lib import clock, display
from leidraad.lib.forms import DateTimeField, Form
from leidraad.lib.models import EventKind
from leidraad.pages.case_frame import OpenCase, case_page, log


class MomentForm(Form):
    """GET. A moment that lies behind us."""

    op = DateTimeField(
        label=gettext_lazy("Show the state of"),
        required_message=gettext_lazy("Fill in a date and a time."),
        default_time=datetime.max.time().replace(microsecond=0),
    )

    def clean_op(self) -> datetime:
        moment: datetime = self.cleaned_data["op"]
        if moment > clock.now():
            raise ValidationError(_("Choose a moment that has passed."))
        return moment


@require_GET
@case_page("history.view", kind=None)
def state(page: OpenCase) -> HttpResponse:
    """Today's rights on the versions of then. The look is recorded with the moment that was asked for."""
    form = MomentForm(page.request.GET if page.request.GET else None)
    context: dict[str, Any] = {"form": form, "moment": None}
    moment = form.cleaned_data["op"] if form.is_valid() else None
    log(page, EventKind.HISTORY, **({"as_of": moment.isoformat()} if moment else {}))
    if moment is not None:
        context |= {
            "moment": moment,
            "kinds": state_of(page.case, page.access, moment),
            "print_title": f"{page.case.number}, {display.date_time(moment)}",
        }
    frame = page.context("history", **context)
    frame["identity"] = frame["identity"] | {"actions": [], "menus": []}
    return page.render_frame("pages/case/state.html", frame, status=422 if form.errors else 200)
