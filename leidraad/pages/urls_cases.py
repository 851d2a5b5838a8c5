"""Everything under one case: /zaken/<number>/ and below, and the list above it."""

from django.urls import path

from leidraad.pages import (
    access_acts,
    access_page,
    access_questions,
    case_acts,
    case_deadlines,
    case_history,
    case_identity,
    case_list,
    case_measure_acts,
    case_measures,
    case_page,
    case_person,
    case_referrals,
    case_reporting,
    case_residence,
    case_state,
    case_work,
    deadline_acts,
    readiness,
    removability,
    statements,
    stops,
    view_as,
)
from leidraad.pages import case_measure_extensions as extensions
from leidraad.pages import case_representatives as speakers
from leidraad.pages import case_residence_acts as stays
from leidraad.pages.departure import acts as departures
from leidraad.pages.departure import page as departure_page
from leidraad.pages.law.urls import urlpatterns as law

app_name = "cases"

urlpatterns = [
    path("zaken/", case_list.case_list, name="list"),
    path("zaken/<str:number>/", case_page.detail, name="detail"),
    # Parts of the case
    path("zaken/<str:number>/persoon/", case_person.person, name="person"),
    path("zaken/<str:number>/persoon/beschermd-adres/", case_person.protected_address, name="protected-address"),
    path("zaken/<str:number>/verwijderbaarheid/", removability.removability, name="removability"),
    path("zaken/<str:number>/klaar-voor-vertrek/", readiness.readiness, name="readiness"),
    path("zaken/<str:number>/klaar-voor-vertrek/vastleggen/", statements.state, name="readiness-state"),
    path(
        "zaken/<str:number>/klaar-voor-vertrek/vastgelegd/<int:pk>/terughalen/",
        statements.strike,
        name="readiness-strike",
    ),
    path("zaken/<str:number>/stops/", stops.stops, name="stops"),
    path("zaken/<str:number>/stops/nieuw/", stops.place, name="stop-place"),
    path("zaken/<str:number>/stops/<int:pk>/opheffen/", stops.lift, name="stop-lift"),
    path("zaken/<str:number>/vertrek/", departure_page.departure, name="departure"),
    path("zaken/<str:number>/vertrek/oordelen/", departure_page.judgements, name="judgements"),
    path("zaken/<str:number>/vertrek/oordeel/<int:pk>/", departure_page.judgement, name="judgement"),
    path("zaken/<str:number>/vertrek/voorbereiden/", departures.prepare, name="departure-prepare"),
    path("zaken/<str:number>/vertrek/vertrokken/", departures.left, name="departure-left"),
    path("zaken/<str:number>/vertrek/<int:pk>/wijzigen/", departures.change, name="departure-change"),
    path("zaken/<str:number>/vertrek/<int:pk>/boeken/", departures.book, name="departure-book"),
    path("zaken/<str:number>/vertrek/<int:pk>/akkoord/", departures.permit, name="departure-permit"),
    path("zaken/<str:number>/vertrek/<int:pk>/terugnemen/", departures.withdraw, name="departure-withdraw"),
    path("zaken/<str:number>/vertrek/<int:pk>/niet-doorgegaan/", departures.failed, name="departure-failed"),
    path("zaken/<str:number>/vertrek/<int:pk>/annuleren/", departures.cancel, name="departure-cancel"),
    *law,
    path("zaken/<str:number>/termijnen/", case_deadlines.deadlines, name="deadlines"),
    path("zaken/<str:number>/termijnen/wat-als/", case_deadlines.suppose, name="deadline-suppose"),
    path("zaken/<str:number>/termijnen/begin/", deadline_acts.begin, name="deadline-begin"),
    path("zaken/<str:number>/termijnen/niet-bewaken/", deadline_acts.unwatch, name="deadline-unwatch"),
    path("zaken/<str:number>/termijnen/weer-bewaken/", deadline_acts.watch, name="deadline-watch"),
    path("zaken/<str:number>/verblijf/", case_residence.residence, name="residence"),
    path("zaken/<str:number>/maatregelen/", case_measures.measures, name="measures"),
    path("zaken/<str:number>/maatregelen/<int:pk>/", case_measures.measure, name="measure"),
    path("zaken/<str:number>/toezicht/", case_work.supervision, name="supervision"),
    path("zaken/<str:number>/overdrachten/", case_work.handovers, name="handovers"),
    path("zaken/<str:number>/aanmeldingen/", case_referrals.referrals, name="referrals"),
    path("zaken/<str:number>/activiteit/", case_page.activity, name="activity"),
    path("zaken/<str:number>/geschiedenis/", case_history.history, name="history"),
    path("zaken/<str:number>/geschiedenis/stand/", case_state.state, name="state"),
    # Acts on the identity
    path("zaken/<str:number>/persoon/fout-melden/", case_identity.report, name="report-error"),
    path("zaken/<str:number>/persoon/verschillen/<int:pk>/", case_identity.decide, name="identity-conflict"),
    path("zaken/<str:number>/persoon/verschillen/<int:pk>/terugdraaien/", case_identity.undo, name="identity-undo"),
    # Acts on representatives
    path("zaken/<str:number>/persoon/gemachtigde/nieuw/", speakers.new, name="representative-new"),
    path(
        "zaken/<str:number>/persoon/gemachtigde/<int:pk>/bevestigen/", speakers.confirm, name="representative-confirm"
    ),
    path(
        "zaken/<str:number>/persoon/gemachtigde/<int:pk>/corrigeren/", speakers.correct, name="representative-correct"
    ),
    path("zaken/<str:number>/persoon/gemachtigde/<int:pk>/vervangen/", speakers.replace, name="representative-replace"),
    path("zaken/<str:number>/persoon/gemachtigde/<int:pk>/beeindigen/", speakers.end, name="representative-end"),
    path(
        "zaken/<str:number>/persoon/gemachtigde/<int:pk>/ingelicht/", speakers.informed, name="representative-informed"
    ),
    path("zaken/<str:number>/persoon/ingelicht/<int:pk>/schrappen/", speakers.strike, name="informed-strike"),
    # Acts on the stay
    path("zaken/<str:number>/verblijf/reserveren/", stays.reserve, name="residence-reserve"),
    path("zaken/<str:number>/verblijf/<int:pk>/annuleren/", stays.cancel, name="residence-cancel"),
    path("zaken/<str:number>/verblijf/<int:pk>/aankomst/", stays.arrival, name="residence-arrival"),
    path("zaken/<str:number>/verblijf/<int:pk>/niet-verschenen/", stays.no_show, name="residence-no-show"),
    path("zaken/<str:number>/verblijf/<int:pk>/status/", stays.status, name="residence-status"),
    path("zaken/<str:number>/verblijf/<int:pk>/kamer/", stays.room, name="residence-room"),
    path("zaken/<str:number>/verblijf/<int:pk>/einddatum/", stays.planned_end, name="residence-planned-end"),
    path("zaken/<str:number>/verblijf/<int:pk>/beeindigen/", stays.end, name="residence-end"),
    path("zaken/<str:number>/verblijf/<int:pk>/corrigeren/", stays.correct, name="residence-correct"),
    # Acts on measures
    path("zaken/<str:number>/maatregelen/vastleggen/", case_measure_acts.impose, name="measure-impose"),
    path("zaken/<str:number>/maatregelen/<int:pk>/corrigeren/", case_measure_acts.correct, name="measure-correct"),
    path("zaken/<str:number>/maatregelen/<int:pk>/beeindigen/", case_measure_acts.lift, name="measure-lift"),
    path("zaken/<str:number>/maatregelen/<int:pk>/loopt-door/", case_measure_acts.take_back, name="measure-take-back"),
    path("zaken/<str:number>/maatregelen/<int:pk>/doorhalen/", case_measure_acts.void, name="measure-void"),
    path("zaken/<str:number>/maatregelen/<int:pk>/rechtbank/", case_measure_acts.court, name="measure-court"),
    path(
        "zaken/<str:number>/maatregelen/<int:pk>/rechtbank/<int:fact>/doorhalen/",
        case_measure_acts.void_court,
        name="measure-court-void",
    ),
    path("zaken/<str:number>/maatregelen/<int:pk>/verlengen/", extensions.extend, name="measure-extend"),
    path(
        "zaken/<str:number>/maatregelen/<int:pk>/verlengen/<int:extension>/doorhalen/",
        extensions.void,
        name="measure-extension-void",
    ),
    # Who sees the case
    path("zaken/<str:number>/toegang/", access_page.access, name="access"),
    path("zaken/<str:number>/toegang/delen/", access_acts.share, name="access-share"),
    path("zaken/<str:number>/toegang/<int:pk>/beeindigen/", access_acts.end, name="access-end"),
    path("zaken/<str:number>/toegang/<int:pk>/uitzondering/", access_acts.exception, name="access-exception"),
    path("zaken/<str:number>/toegang/<int:pk>/bekijken/<slug:role>/", view_as.view_as, name="view-as"),
    path("zaken/<str:number>/toegang/uitzondering/<int:pk>/opheffen/", access_acts.lift, name="access-lift"),
    path("zaken/<str:number>/toegang/op-naam/", access_acts.name, name="named-give"),
    path("zaken/<str:number>/toegang/op-naam/<int:pk>/beeindigen/", access_acts.end_name, name="named-end"),
    path("zaken/<str:number>/toegang/toestemming/", access_acts.consent, name="consent"),
    path("zaken/<str:number>/toegang/toestemming/<int:pk>/intrekken/", access_acts.withdraw, name="consent-withdraw"),
    # Acts
    path("zaken/<str:number>/volgende-stap/", case_acts.next_step, name="next-step"),
    path("zaken/<str:number>/fase/", case_acts.phase, name="phase"),
    path("zaken/<str:number>/toezicht/meldplicht/opleggen/", case_reporting.impose, name="impose-reporting"),
    path("zaken/<str:number>/toezicht/meldplicht/wijzigen/", case_reporting.change, name="change-reporting"),
    path("zaken/<str:number>/toezicht/meldplicht/beeindigen/", case_reporting.end, name="end-reporting"),
    path("zaken/<str:number>/toewijzen/", case_acts.assign, name="assign"),
    path("zaken/<str:number>/sluiten/", case_acts.close, name="close"),
    path("zaken/<str:number>/heropenen/", case_acts.reopen, name="reopen"),
    path("zaken/<str:number>/toegang-vragen/", access_questions.ask, name="ask-access"),
    path("zaken/<str:number>/toegang-vragen/<int:pk>/", access_questions.answer, name="answer-access"),
    path("zaken/<str:number>/afdrukken/", case_page.print_sheet, name="print"),
]
