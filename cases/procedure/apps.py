from django.apps import AppConfig


class ProcedureConfig(AppConfig):
    name = "cases.procedure"
    label = "procedure"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from cases.procedure import history_sources, notices, work

        history_sources.register()
        notices.register()
        work.register()
