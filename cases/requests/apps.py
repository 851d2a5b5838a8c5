from django.apps import AppConfig


class RequestsConfig(AppConfig):
    name = "cases.requests"
    label = "requests"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from cases.requests import history_sources, notices

        history_sources.register()
        notices.register()
