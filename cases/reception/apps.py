from django.apps import AppConfig


class ReceptionConfig(AppConfig):
    name = "cases.reception"
    label = "reception"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from cases.reception import history_sources

        history_sources.register()
