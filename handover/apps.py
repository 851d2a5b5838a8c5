from django.apps import AppConfig


class HandoverConfig(AppConfig):
    name = "handover"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from handover import history_sources, notices, procedures

        procedures.register()
        history_sources.register()
        notices.register()
