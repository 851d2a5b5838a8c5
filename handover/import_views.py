"""S30: reading dossier files in."""

from typing import Any, cast

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRefresh

from handover import import_pages
from handover.import_forms import DecisionForm, UploadForm
from handover.importing import held, store
from handover.intake.limits import MEGABYTE
from handover.intake.report import Verdict
from handover.models import Decision, DossierFile, DossierRow
from leidraad.lib import events
from leidraad.lib.errors import NotPossible
from leidraad.lib.models import EventKind
from partners.http import UserRequest, signed_in
from partners.policy import require_to

# What a form with one file needs around the file itself, and what is read and thrown away of a request that is too large:
# a browser shows no answer before it could send everything.
AROUND_THE_FILE = MEGABYTE
MOST_THROWN_AWAY = 1024 * MEGABYTE
# Shorter than the longest path of a row of waiting imports: the page without script.
SECONDS_BETWEEN_REFRESHES = 5


# The size is judged before the token: reading the token would first read the whole file.
@csrf_exempt
@signed_in
@require_http_methods(["GET", "POST"])
def import_page(request: UserRequest) -> HttpResponse:
    require_to(request.member, store.CAPABILITY)
    size = int(request.META.get("CONTENT_LENGTH") or 0)
    if request.method == "POST" and size > store.MAX_BYTES + AROUND_THE_FILE:
        _throw_away(request, size)
        return _overview(request, UploadForm({}, {}, refused_size=size // MEGABYTE * MEGABYTE), status=413)
    answer: HttpResponse = csrf_protect(_upload_or_list)(request)
    return answer


def _throw_away(request: HttpRequest, size: int) -> None:
    left = min(size, MOST_THROWN_AWAY)
    while left > 0 and (piece := request.read(MEGABYTE)):
        left -= len(piece)


def _upload_or_list(request: UserRequest) -> HttpResponse:
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if not form.is_valid():
        return _overview(request, form, status=422 if form.is_bound else 200)
    sent: Any = form.cleaned_data["file"]
    try:
        file, is_new = store.receive(sent.name, sent.chunks(MEGABYTE), by=request.member)
    except NotPossible as error:
        form.add_error("file", str(error))
        return _overview(request, form, status=422)
    if not is_new:
        messages.info(request, _("This file came in before and was not finished. It goes on where it stopped."))
    return redirect("handover:import-detail", pk=file.pk)


def _overview(request: UserRequest, form: UploadForm, status: int) -> HttpResponse:
    page = import_pages.file_list(request.member, request.GET.get("after"))
    events.record_list(request, len(page.rows))
    return render(request, "handover/import/overview.html", {"form": form, "page": page}, status=status)


def _file(request: UserRequest, pk: int) -> DossierFile:
    require_to(request.member, store.CAPABILITY)
    files: QuerySet[DossierFile] = import_pages.files_of(request.member)
    return get_object_or_404(files.select_related("uploaded_by", "uploaded_unit__organisation"), pk=pk)


@signed_in
@require_GET
def detail(request: UserRequest, pk: int) -> HttpResponse:
    """With htmx only the part that changes while the import runs; once it has ended the whole page is asked for."""
    file = _file(request, pk)
    context = import_pages.progress_of(file)
    if request.htmx:
        events.nothing_shown()
        if not context["goes_on"]:
            return HttpResponseClientRefresh()
        return render(request, "handover/import/_progress.html", context)
    if context["goes_on"]:
        events.nothing_shown()  # how many rows were done, no person; asked again every few seconds
    else:
        events.record(EventKind.READ, request.member, route="handover:import-detail", detail={"file": file.pk})
        context |= import_pages.rows_page(file, request.GET)
    context["refresh_seconds"] = SECONDS_BETWEEN_REFRESHES
    return render(request, "handover/import/detail.html", context)


@signed_in
@require_GET
def report(request: UserRequest, pk: int) -> HttpResponse:
    file = _file(request, pk)
    events.record(EventKind.DOWNLOAD, request.member, route="handover:import-report", detail={"file": file.pk})
    response = StreamingHttpResponse(import_pages.report_of(file), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="verslag-{file.pk}.csv"'
    return cast(HttpResponse, response)  # Django's base classes part here; nothing between needs the difference


@signed_in
@require_POST
def resume(request: UserRequest, pk: int) -> HttpResponse:
    try:
        store.resume(_file(request, pk), by=request.member)
        messages.success(request, _("The import goes on where it stopped."))
    except NotPossible as error:
        messages.error(request, str(error))
    return redirect("handover:import-detail", pk=pk)


@signed_in
@require_http_methods(["GET", "POST"])
def row(request: UserRequest, pk: int, number: int) -> HttpResponse:
    """A row that was put aside: what is the matter, and a decision with its reason."""
    rows = DossierRow.objects.filter(file=_file(request, pk), verdict=Verdict.HELD.value)
    related = ("file__uploaded_unit__organisation", "dossier__case", "decision__decided_by")
    found = get_object_or_404(rows.select_related(*related), row_number=number)
    data = request.POST if request.method == "POST" else None
    form = DecisionForm(data, may_take_over=held.may_take_over(found))
    if form.is_valid() and _decided(request, found, form):
        return redirect("handover:import-detail", pk=pk)
    events.record(EventKind.READ, request.member, route="handover:import-row", detail={"file": pk, "row": number})
    status = 422 if form.is_bound else 200
    return render(request, "handover/import/row.html", import_pages.held_row(found) | {"form": form}, status=status)


def _decided(request: UserRequest, found: DossierRow, form: DecisionForm) -> bool:
    acts = {Decision.KEEP: held.keep, Decision.TAKE_OVER: held.take_over}
    try:
        acts[Decision(form.cleaned_data["decision"])](found, form.cleaned_data["reason"], by=request.member)
    except NotPossible as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, _("Row %(number)s is decided.") % {"number": found.row_number})
    return True
