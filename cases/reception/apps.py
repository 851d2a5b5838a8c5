from django.apps import AppConfig

# A site keeps its own record of who stayed there, and mends it afterwards, when the case is out of its sight.
WHERE_SOMEBODY_STAYED = """EXISTS (
        SELECT 1 FROM reception_placement p WHERE p.case_id = {row}.id AND p.site_id = (SELECT leidraad_unit()))"""


class ReceptionConfig(AppConfig):
    name = "cases.reception"
    label = "reception"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from cases.case.closing import on_close
        from cases.case.models import ReturnCase
        from cases.reception import history_sources, notices, starts
        from cases.reception.actions import end_with_case
        from cases.terms.deadlines import tell_starts
        from leidraad.lib.wall import widen_wall

        history_sources.register()
        notices.register()
        tell_starts("reception", starts.starts, sees=starts.SEES)
        on_close(end_with_case)
        widen_wall(ReturnCase, WHERE_SOMEBODY_STAYED)
