from django.apps import AppConfig

# Who asked something about a case, or was asked it, reads who it is about without having a part in the case.
WHO_ASKED_OR_WAS_ASKED = """EXISTS (
        SELECT 1 FROM requests_request r
         WHERE r.case_id = {row}.id AND (SELECT leidraad_unit()) IN (r.to_unit_id, r.from_unit_id))"""


class RequestsConfig(AppConfig):
    name = "cases.requests"
    label = "requests"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from cases.case.closing import on_close
        from cases.case.models import ReturnCase
        from cases.requests import history_sources, notices
        from cases.requests.overdue import end_with_case
        from leidraad.lib.wall import register_principal, widen_wall

        history_sources.register()
        notices.register()
        on_close(end_with_case)
        widen_wall(ReturnCase, WHO_ASKED_OR_WAS_ASKED)
        register_principal(
            "requests.expire_requests", "Ends requests that nobody answered in time, and tells so.", ReturnCase
        )
