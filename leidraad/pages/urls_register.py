"""S11 under /register/: a site, or the police unit itself, and a week like 2026-W48."""

from django.urls import path

from leidraad.pages import register, register_acts

app_name = "register"

urlpatterns = [
    path("register/", register.home, name="home"),
    path("register/<slug:site>/<str:week>/", register.week, name="week"),
    path("register/<slug:site>/<str:week>/noteren/", register_acts.mark, name="mark"),
    path("register/<slug:site>/<str:week>/corrigeren/<int:pk>/", register_acts.correct, name="correct"),
    path("register/<slug:site>/<str:week>/afdrukken/", register_acts.print_sheet, name="print"),
]
