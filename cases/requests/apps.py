from django.apps import AppConfig


class RequestsConfig(AppConfig):
    name = "cases.requests"
    label = "requests"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from cases.case.closing import on_close
        from cases.requests import history_sources, notices
        from cases.requests.overdue import end_with_case

        history_sources.register()
        notices.register()
        on_close(end_with_case)
