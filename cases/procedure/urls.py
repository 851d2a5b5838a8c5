from django.urls import path

from cases.procedure import views

app_name = "procedure"
urlpatterns = [
    # /vragen/
    path("vragen/", views.questions, name="questions"),
    path("vragen/<int:pk>/", views.question, name="question"),
    path("vragen/<int:pk>/later/", views.later, name="later"),
    path("vragen/<int:pk>/verbeteren/", views.correct, name="correct"),
    path("vragen/<int:pk>/achterhaald/", views.overtaken, name="overtaken"),
]
