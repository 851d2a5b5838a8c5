from django.urls import path

from cases.identity import views

app_name = "identity"
urlpatterns = [
    # /identiteitsmeldingen/
    path("identiteitsmeldingen/<int:pk>/", views.report, name="report"),
]
