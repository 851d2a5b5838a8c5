"""/overdrachten/ and /aanmeldingen/: addresses are Dutch, names are English."""

from django.urls import include, path

from handover import views

app_name = "handover"

urlpatterns = [
    path("", include("handover.import_urls")),
    path("", include("handover.referrals.urls")),
    path("overdrachten/", views.inbox, name="inbox"),
    # One handover
    path("overdrachten/<int:pk>/", views.detail, name="detail"),
    path("overdrachten/<int:pk>/aannemen/", views.accept, name="accept"),
    path("overdrachten/<int:pk>/terugsturen/", views.return_, name="return"),
    path("overdrachten/<int:pk>/navragen/", views.query, name="query"),
    path("overdrachten/<int:pk>/antwoorden/", views.answer, name="answer"),
    path("overdrachten/<int:pk>/intrekken/", views.withdraw, name="withdraw"),
    path("overdrachten/<int:pk>/opnieuw/", views.offer_again, name="offer-again"),
    path("overdrachten/<int:pk>/geschiedenis/", views.history, name="history"),
]
