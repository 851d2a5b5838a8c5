from django.urls import include, path

urlpatterns = [
    path("", include("leidraad.lib.urls")),
    path("", include("leidraad.pages.urls")),
    path("", include("partners.urls")),
    path("", include("cases.requests.urls")),
    path("", include("cases.supervision.urls")),
    path("", include("handover.urls")),
]

handler403 = "leidraad.pages.refusals.forbidden"
