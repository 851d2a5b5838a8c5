from django.urls import path

from cases.supervision import views

app_name = "supervision"
urlpatterns = [
    # /opdrachten/
    path("opdrachten/", views.task_list, name="list"),
    path("opdrachten/vandaag/", views.today, name="today"),
    path("opdrachten/<int:pk>/", views.detail, name="detail"),
    path("opdrachten/<int:pk>/uitkomst/", views.outcome, name="outcome"),
    path("opdrachten/<int:pk>/herstellen/", views.undo, name="undo"),
    path("opdrachten/<int:pk>/versturen/", views.send, name="send"),
    path("opdrachten/<int:pk>/toewijzen/", views.assign, name="assign"),
]
