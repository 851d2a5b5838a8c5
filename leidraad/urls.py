from django.urls import include, path

urlpatterns = [
    path("", include("leidraad.lib.urls")),
    path("", include("leidraad.pages.urls")),
    path("", include("partners.urls")),
    path("", include("partners.urls_sign_in")),
    path("", include("cases.requests.urls")),
    path("", include("cases.supervision.urls")),
    path("", include("cases.procedure.urls")),
    path("", include("cases.identity.urls")),
    path("", include("cases.reception.urls")),
    path("", include("handover.urls")),
]

handler400 = "leidraad.pages.faults.bad_request"
handler403 = "leidraad.pages.refusals.forbidden"
handler404 = "leidraad.pages.faults.not_found"
handler500 = "leidraad.pages.faults.fault"
handler429 = "partners.sign_in.views.too_often"
