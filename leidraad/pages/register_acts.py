"""What is done in the register: rows saved one by one, several together, a correction, and the sign-in sheet on paper."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from cases.case.access import require
from cases.case.marking import Entry, Result, noted
from cases.case.models import Mark, PresenceMark, ReturnCase
from cases.case.presence_words import moment_long, moment_of
from cases.case.register import ORDER
from leidraad.lib import events
from leidraad.lib.display import number
from leidraad.lib.errors import NotPossible, Stale
from leidraad.lib.forms import Form, TextField
from leidraad.lib.models import EventKind
from leidraad.lib.stale import VersionedForm, conflict_page
from leidraad.pages.people import person_name
from leidraad.pages.register import frame_of, title_of, week_page
from leidraad.pages.register_desk import Desk, open_desk, week_words
from leidraad.pages.register_rows import rows_of
from partners.http import UserRequest, signed_in

MOST_ROWS = 200
MOST_ON_PAPER = 1000


# --- noting ---------------------------------------------------------------------------------------------------------


@require_POST
@signed_in
def mark(request: UserRequest, site: str, week: str) -> HttpResponse:
    """One row with htmx; without script every row of the form that was filled; or one mark for the names that were ticked."""
    desk = open_desk(request.member, site, week, request.GET)
    if request.htmx:
        return _one_row(request, desk)
    chosen = _ticked(request.POST) if "selectie" in request.POST else _filled(request.POST)
    owners = {one.pk: one for one in desk.owners({key for key, _mark, _slot in chosen})}
    entries = [Entry(owners[key], wanted, slot) for key, wanted, slot in chosen if key in owners]
    if not entries:
        ticking = "selectie" in request.POST
        messages.error(request, _("Tick at least one name first.") if ticking else _("Choose at least one mark first."))
        return week_page(request, desk, status=422)
    _tell(request, desk.note(entries))
    query = request.GET.urlencode()
    path = desk.url().partition("?")[0]
    return redirect(f"{path}?{query}" if query else path)


def _one_row(request: UserRequest, desk: Desk) -> HttpResponse:
    """The row as it is stored now, with what happened to it, and the progress. A row without a choice answers 422."""
    owners = desk.owners(_keys([request.POST.get("rij", "")]))
    if not owners:
        raise Http404
    entries = [Entry(owners[0], wanted, slot) for key, wanted, slot in _filled(request.POST) if key == owners[0].pk]
    results = desk.note(entries)
    _tell(request, results)
    notes = [_kept_out(result) for result in results if result.refusal]
    if not entries:
        notes = [_("Choose what you note for this person first.")]
        messages.error(request, notes[0])
    # Of this person alone: the rest of the page stays as it is.
    (row,) = rows_of(desk, owners, desk.own.often_missed([desk.own.person_of(owners[0])]))
    context = frame_of(request, desk, desk.progress()) | {"row": row, "notes": notes}
    return render(request, "pages/register/_saved_row.html", context, status=200 if entries else 422)


Chosen = tuple[int, str, int]


def _filled(sent: QueryDict) -> list[Chosen]:
    """Every m-<key>-<slot> that came in."""
    found: list[Chosen] = []
    for name, value in sent.items():
        prefix, _dash, rest = name.partition("-")
        key, _dash, slot = rest.partition("-")
        if prefix == "m" and slot in ("1", "2") and _keys([key]) and len(found) < MOST_ROWS:
            found.append((int(key), str(value), int(slot)))
    return found


def _ticked(sent: QueryDict) -> list[Chosen]:
    slot = 2 if sent.get("selectie") == "2" else 1
    return [(key, Mark.SEEN, slot) for key in _keys(sent.getlist("kies"))[:MOST_ROWS]]


def _keys(words: Iterable[str]) -> list[int]:
    return [int(word) for word in dict.fromkeys(words) if word.isdecimal() and len(word) <= 18]


def _tell(request: UserRequest, results: Sequence[Result[Any]]) -> None:
    """How many were noted, and by name who was not and why."""
    done = sum(not result.refusal for result in results)
    if len(results) == 1 and done:
        words = {"name": _name(results[0]), "mark": Mark(results[0].entry.mark).label}
        messages.success(request, _("%(name)s: %(mark)s noted.") % words)
    elif done:
        messages.success(
            request, ngettext("%(count)s mark noted.", "%(count)s marks noted.", done) % {"count": number(done)}
        )
    for result in results:
        if result.refusal:
            messages.warning(request, f"{_name(result)}: {_kept_out(result)}")


def _kept_out(result: Result[Any]) -> str:
    """Why, and that the mark of somebody else stands."""
    return " ".join((result.refusal, _("Your choice was not saved.")))


def _name(result: Result[Any]) -> str:
    person = result.entry.owner.case.person
    return person_name(person.surname, person.given_names, person.name_prefix)


# --- correcting -----------------------------------------------------------------------------------------------------


class MarkCorrectionForm(VersionedForm, Form):
    mark = forms.ChoiceField(label=gettext_lazy("What should it be?"), choices=Mark.choices, widget=forms.RadioSelect)
    reason = TextField(
        label=gettext_lazy("Why do you correct this?"),
        max_length=200,
        rows=2,
        required_message=gettext_lazy("Write why you correct this. It stays in the history."),
    )
    unversioned: ClassVar[frozenset[str]] = frozenset({"reason"})

    def __init__(self, data: Any = None, *, record: PresenceMark) -> None:
        super().__init__(data, record=record, initial={"mark": record.mark})


@require_http_methods(["GET", "POST"])
@signed_in
def correct(request: UserRequest, site: str, week: str, pk: int) -> HttpResponse:
    """A mark is never overwritten: it is corrected, with a reason, from the version that the page showed."""
    desk = open_desk(request.member, site, week, request.GET)
    found = desk.find_mark(pk)
    require(request.member, desk.right, found.case)
    posted = request.POST if request.method == "POST" else None
    form = MarkCorrectionForm(posted, record=found)
    if posted is None:
        detail = {"mark": found.pk}
        events.record(EventKind.READ, request.member, case=found.case, route="register:correct", detail=detail)
    elif form.is_stale:
        return _conflict(request, desk, form)
    elif form.is_valid():
        try:
            return _corrected(request, desk, found, form)
        except Stale as stale:
            return _conflict(request, desk, MarkCorrectionForm(posted, record=stale.current))
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
        except ReturnCase.DoesNotExist as gone:  # access ended while the act waited for the lock
            raise Http404 from gone
    return _correction_page(request, desk, found, form)


def _corrected(request: UserRequest, desk: Desk, found: PresenceMark, form: MarkCorrectionForm) -> HttpResponse:
    data = form.cleaned_data
    mark = desk.correct(found, data["mark"], data["reason"], form.seen_version)
    person = found.case.person
    words = {"name": person_name(person.surname, person.given_names, person.name_prefix)}
    messages.success(request, _("%(name)s: corrected to %(mark)s.") % (words | {"mark": mark.get_mark_display()}))
    return redirect(desk.url())


def _conflict(request: UserRequest, desk: Desk, form: MarkCorrectionForm) -> HttpResponse:
    return conflict_page(request, form, title=title_of(desk), back_url=desk.url())


def _correction_page(request: UserRequest, desk: Desk, found: PresenceMark, form: MarkCorrectionForm) -> HttpResponse:
    person = found.case.person
    context = {
        "desk": desk,
        "form": form,
        "name": person_name(person.surname, person.given_names, person.name_prefix),
        "moment": moment_long(moment_of(found)),
        "noted": noted(found),
        "title": title_of(desk),
        "back_url": desk.url(),
    }
    return render(request, "pages/register/correct.html", context, status=422 if form.is_bound else 200)


# --- on paper -------------------------------------------------------------------------------------------------------

PURPOSES = [
    ("signing", gettext_lazy("to have residents sign at the desk")),
    ("check", gettext_lazy("for a check on the site")),
    ("other", gettext_lazy("another purpose")),
]


class SheetForm(Form):
    """Printing takes names out of the program, so it asks what for."""

    purpose = forms.ChoiceField(
        label=gettext_lazy("What do you print it for?"), choices=PURPOSES, widget=forms.RadioSelect
    )
    note = TextField(label=gettext_lazy("Explanation"), max_length=150, required=False)
    required_messages: ClassVar[dict[str, Any]] = {"purpose": gettext_lazy("Choose what you print it for.")}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("purpose") == "other" and not cleaned.get("note"):
            self.add_error("note", _("Write what you print it for."))
        return cleaned

    @property
    def in_words(self) -> str:
        words, note = str(dict(PURPOSES)[self.cleaned_data["purpose"]]), self.cleaned_data["note"]
        return f"{words}: {note}" if note else words


@require_http_methods(["GET", "POST"])
@signed_in
def print_sheet(request: UserRequest, site: str, week: str) -> HttpResponse:
    """The sign-in sheet: name, birth year, room and a box. No V-numbers leave the screen."""
    desk = open_desk(request.member, site, week, request.GET)
    form = SheetForm(request.POST if request.method == "POST" else None)
    counts = desk.counts()
    context = frame_of(request, desk, counts) | {"form": form, "back_url": desk.url()}
    if not form.is_bound or not form.is_valid():
        return render(request, "pages/register/print.html", context, status=422 if form.is_bound else 200)
    owners = list(desk.rows.select_related("case__person").order_by(*ORDER)[:MOST_ON_PAPER])
    rows = [row for row in rows_of(desk, owners, frozenset()) if row.slots]
    detail = {
        "site": desk.site.code,
        "week": week_words(desk.sheet.monday),
        "cases": [one.case.number for one in owners],
    }
    events.record(EventKind.PRINT, request.member, route="register:print", purpose=form.in_words, detail=detail)
    context |= {"rows": rows, "purpose": form.in_words, "several": max((row.slots_due for row in rows), default=0)}
    return render(request, "pages/register/sheet.html", context)
