from django.urls import path

from partners import views
from partners.sign_in import session_views
from partners.sign_in.views import SignIn

app_name = "partners"

urlpatterns = [
    path("aanmelden/", SignIn.as_view(), name="sign-in"),
    path("aanmelden/voorbeeldpersonen/", views.demo_accounts, name="demo-accounts"),
    path("afmelden/", views.sign_out, name="sign-out"),
    path("werken-als/", views.work_as, name="work-as"),
    path("vergrendelen/", session_views.lock, name="lock"),
    path("sessie/", session_views.session_state, name="session-state"),
    path("sessies/", session_views.own_sessions, name="sessions"),
    path("sessies/beeindigen/", session_views.end_session, name="end-session"),
    path("sessies/overal-afmelden/", session_views.sign_out_everywhere, name="sign-out-everywhere"),
    path("niet-opgeslagen/", session_views.unsaved, name="unsaved"),
    path("niet-opgeslagen/weggooien/", session_views.discard_unsaved, name="discard-unsaved"),
    path("taal/", views.language, name="language"),
    path("weergave/", views.display, name="display"),
]
