"""Just enough addresses to draw the frame, so that its tests depend on no screen."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


pages = ([path("zoeken/", nothing, name="search"), path("meldingen/", nothing, name="notices")], "pages")
urlpatterns = [path("", include(pages)), path("", include("partners.urls"))]
