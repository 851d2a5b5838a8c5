"""/aanmeldingen/: addresses are Dutch, names are English. Part of the namespace `handover`."""

from django.urls import path

from handover.referrals import views

urlpatterns = [
    path("aanmeldingen/", views.referrals, name="referrals"),
    path("aanmeldingen/nieuw/", views.new, name="referral-new"),
    path("aanmeldingen/<int:pk>/", views.referral, name="referral"),
    path("aanmeldingen/<int:pk>/verbeteren/", views.correct, name="referral-correct"),
    path("aanmeldingen/<int:pk>/intrekken/", views.withdraw, name="referral-withdraw"),
    path("aanmeldingen/<int:pk>/terugzetten/", views.restore, name="referral-restore"),
    # Intake
    path("aanmeldingen/<int:pk>/oppakken/", views.take_up, name="referral-take-up"),
    path("aanmeldingen/<int:pk>/terugnemen/", views.take_back, name="referral-take-back"),
]
