from django.urls import path

from cases.reception import views

app_name = "reception"
urlpatterns = [
    # /verblijven/
    path("verblijven/<int:pk>/terugdraaien/", views.take_back, name="take-back"),
    path("verblijven/<int:pk>/einde/", views.correct_end, name="correct-end"),
]
