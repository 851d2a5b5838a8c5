from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    name = "cases.supervision"
    label = "supervision"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from cases.supervision import history_sources, notices, work

        history_sources.register()
        notices.register()
        work.register()
