from django.urls import path

from cases.requests import views, views_new

app_name = "requests"
urlpatterns = [
    # /zaken/<number>/
    path("zaken/<str:number>/verzoeken/nieuw/", views_new.new, name="new"),
    # /verzoeken/
    path("verzoeken/", views.inbox, name="inbox"),
    path("verzoeken/<int:pk>/", views.detail, name="detail"),
    path("verzoeken/<int:pk>/aannemen/", views.accept, name="accept"),
    path("verzoeken/<int:pk>/afwijzen/", views.decline, name="decline"),
    path("verzoeken/<int:pk>/intrekken/", views.withdraw, name="withdraw"),
    path("verzoeken/<int:pk>/bevestigen/", views.confirm, name="confirm"),
    path("verzoeken/<int:pk>/niet-mogelijk/", views.not_possible, name="not-possible"),
    path("verzoeken/<int:pk>/geschiedenis/", views.history, name="history"),
]
