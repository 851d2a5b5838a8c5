from django.apps import AppConfig


class CaseConfig(AppConfig):
    name = "cases.case"
    label = "cases"
    default_auto_field = "django.db.models.BigAutoField"
