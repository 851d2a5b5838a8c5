"""/overdrachten/inlezen/: addresses are Dutch, names are English. Part of the namespace `handover`."""

from django.urls import path

from handover import import_views

urlpatterns = [
    path("overdrachten/inlezen/", import_views.import_page, name="import"),
    path("overdrachten/inlezen/<int:pk>/", import_views.detail, name="import-detail"),
    path("overdrachten/inlezen/<int:pk>/verslag.csv", import_views.report, name="import-report"),
    path("overdrachten/inlezen/<int:pk>/hervatten/", import_views.resume, name="import-resume"),
    path("overdrachten/inlezen/<int:pk>/rij/<int:number>/", import_views.row, name="import-row"),
]
