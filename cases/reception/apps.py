from django.apps import AppConfig


class ReceptionConfig(AppConfig):
    name = "cases.reception"
    label = "reception"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from cases.case.closing import on_close
        from cases.reception import history_sources, notices
        from cases.reception.actions import end_with_case

        history_sources.register()
        notices.register()
        on_close(end_with_case)
