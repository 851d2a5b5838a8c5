from django.urls import path

from partners import views
from partners.sign_in.views import SignIn

app_name = "partners"

urlpatterns = [
    path("aanmelden/", SignIn.as_view(), name="sign-in"),
    path("aanmelden/voorbeeldpersonen/", views.demo_accounts, name="demo-accounts"),
    path("afmelden/", views.sign_out, name="sign-out"),
    path("werken-als/", views.work_as, name="work-as"),
    path("taal/", views.language, name="language"),
    path("weergave/", views.display, name="display"),
]
