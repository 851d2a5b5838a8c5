"""Addresses are Dutch, names are English. What concerns one case stands in `urls_cases`."""

from django.urls import include, path

from leidraad.pages import (
    case_bulk,
    deadline_feed,
    deadline_list,
    emergency,
    framework,
    incidents,
    looks,
    my_work,
    notices,
    policy_pages,
    reassign,
    redactions,
    reports,
    saved_filters,
    search,
    silent,
    static_pages,
    stays,
)

pages = [
    path("", static_pages.home, name="home"),
    path("mijn-werk/", my_work.my_work, name="my-work"),
    # Acts on a choice of cases; these words are no case numbers.
    path("zaken/toewijzen/", reassign.reassign, name="reassign"),
    path("zaken/toewijzen/<int:pk>/", reassign.reassigned, name="reassigned"),
    path("zaken/toewijzen/<int:pk>/terugdraaien/", reassign.reassign_back, name="reassign-back"),
    path("zaken/zonder-volgende-stap/", silent.silent_list, name="silent"),
    path("zaken/filters/", saved_filters.saved_filters, name="saved-filters"),
    path("zaken/filters/bewaren/", saved_filters.save, name="save-filter"),
    path("zaken/filters/<int:pk>/", saved_filters.rename, name="saved-filter"),
    path("zaken/filters/<int:pk>/verwijderen/", saved_filters.delete, name="delete-filter"),
    path("zaken/uitvoer/", case_bulk.export, name="export"),
    # Stays at the own site
    path("verblijven/", stays.stays, name="stays"),
    # Search
    path("zoeken/", search.search, name="search"),
    path("zoeken/<str:token>/", search.results, name="search-results"),
    # Emergency access
    path("toegang/nood/", emergency.emergency, name="emergency"),
    path("toegang/nood/overzicht/", emergency.review, name="emergency-review"),
    # Notices
    path("meldingen/", notices.notices, name="notices"),
    path("meldingen/gelezen/", notices.mark_read, name="notices-read"),
    # The rules of the field
    path("kader/", framework.rules, name="framework"),
    path("kader/waarborgen/", framework.guards, name="guards"),
    path("kader/stops/", framework.stops, name="stop-grounds"),
    # Leidraad itself
    path("meer/", static_pages.more, name="more"),
    path("hulp/", static_pages.help_page, name="help"),
    path("sneltoetsen/", static_pages.shortcuts, name="shortcuts"),
    path("toegankelijkheid/", static_pages.accessibility, name="accessibility"),
]

reports_pages = [
    path("rapportages/", reports.index, name="index"),
    path("rapportages/cijfers.csv", reports.as_csv, name="csv"),
]

looks_pages = [
    path("inzagen/", looks.look_list, name="list"),
    path("inzagen/signalen/", looks.signals, name="signals"),
    path("inzagen/uitvoer/", looks.export, name="export"),
    path("inzagen/eigen/", looks.own, name="own"),
    path("inzagen/eigen/<int:pk>/", looks.answer, name="answer"),
    path("inzagen/<int:pk>/", looks.detail, name="detail"),
]

privacy_pages = [
    path("privacy/leegmaken/", redactions.redaction_list, name="redactions"),
    path("privacy/leegmaken/kiezen/", redactions.choose, name="choose"),
    path("privacy/leegmaken/kiezen/<str:number>/<slug:table>/<int:key>/", redactions.ask, name="ask"),
    path("privacy/leegmaken/<int:pk>/", redactions.redaction, name="redaction"),
]

incidents_pages = [
    path("voorvallen/<int:pk>/", incidents.incident, name="detail"),
]

terms_pages = [
    path("termijnen/", deadline_list.deadline_list, name="list"),
    path("termijnen/agenda/", deadline_feed.calendar, name="calendar"),
    path("termijnen/agenda/maken/", deadline_feed.make, name="calendar-make"),
    path("termijnen/agenda/beeindigen/", deadline_feed.end, name="calendar-end"),
    path("termijnen/agenda/<str:secret>.ics", deadline_feed.feed, name="feed"),
]

policy_urls = [
    path("beheer/bevoegdheden/", policy_pages.version_list, name="versions"),
    path("beheer/bevoegdheden/nieuw/", policy_pages.new, name="new"),
    path("beheer/bevoegdheden/<int:version>/", policy_pages.version, name="version"),
    path("beheer/bevoegdheden/<int:version>/gevolg/", policy_pages.preview, name="preview"),
    path("beheer/bevoegdheden/<int:version>/regel/", policy_pages.add_line, name="add-line"),
    path("beheer/bevoegdheden/<int:version>/regel/<int:line>/", policy_pages.line, name="line"),
]

urlpatterns = [
    path("", include((pages, "pages"))),
    path("", include((reports_pages, "reports"))),
    path("", include((incidents_pages, "incidents"))),
    path("", include((terms_pages, "terms"))),
    path("", include((looks_pages, "looks"))),
    path("", include((privacy_pages, "privacy"))),
    path("", include((policy_urls, "policy"))),
    path("", include("leidraad.pages.urls_cases")),
    path("", include("leidraad.pages.urls_register")),
]
