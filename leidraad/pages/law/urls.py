"""Everything under /zaken/<number>/besluiten/."""

from django.urls import path

from leidraad.pages.law import any_acts, course_acts, decision_acts, page, remedy_acts

BASE = "zaken/<str:number>/besluiten/"

urlpatterns = [
    path(BASE, page.decisions, name="decisions"),
    path(f"{BASE}nieuw/", decision_acts.new, name="law-decision-new"),
    path(f"{BASE}<int:pk>/bekendmaken/", decision_acts.notify, name="law-notify"),
    path(f"{BASE}<int:pk>/vervangen/", decision_acts.replace, name="law-replace"),
    path(f"{BASE}<int:pk>/termijn/", decision_acts.period, name="law-period"),
    path(f"{BASE}<int:pk>/rechtsmiddel/", remedy_acts.new, name="law-remedy-new"),
    path(f"{BASE}rechtsmiddel/<int:pk>/zitting/", remedy_acts.hearing, name="law-hearing"),
    path(f"{BASE}zitting/<int:pk>/vervallen/", remedy_acts.cancel_hearing, name="law-hearing-cancel"),
    path(f"{BASE}rechtsmiddel/<int:pk>/uitspraak/", remedy_acts.ruling, name="law-ruling"),
    path(f"{BASE}rechtsmiddel/<int:pk>/gevolg/", remedy_acts.effect, name="law-effect"),
    path(f"{BASE}procedure/nieuw/", course_acts.begin, name="law-procedure-new"),
    path(f"{BASE}procedure/<int:pk>/wijzigen/", course_acts.change, name="law-procedure-change"),
    path(f"{BASE}procedure/<int:pk>/stap/", course_acts.step, name="law-step"),
    path(f"{BASE}procedure/<int:pk>/eindigen/", course_acts.end, name="law-procedure-end"),
    path(f"{BASE}stap/<int:pk>/terughalen/", course_acts.step_back, name="law-step-back"),
    path(f"{BASE}claim/nieuw/", course_acts.claim, name="law-claim-new"),
    path(f"{BASE}claim/<int:pk>/wijzigen/", course_acts.change_claim, name="law-claim-change"),
    path(f"{BASE}claim/<int:pk>/verschuiven/", course_acts.move, name="law-claim-move"),
    path(f"{BASE}verschuiving/<int:pk>/terughalen/", course_acts.move_back, name="law-move-back"),
    path(f"{BASE}uitstel/nieuw/", course_acts.postpone, name="law-postponement-new"),
    path(f"{BASE}uitstel/<int:pk>/stap/", course_acts.next_step, name="law-postponement-step"),
    path(f"{BASE}<slug:what>/<int:pk>/terughalen/", any_acts.take_back, name="law-strike"),
    path(f"{BASE}<slug:what>/<int:pk>/bevestigen/", any_acts.confirm_it, name="law-confirm"),
]
