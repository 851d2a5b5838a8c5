from django.apps import AppConfig


class ProcedureConfig(AppConfig):
    name = "cases.procedure"
    label = "procedure"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from cases.case.models import ReturnCase
        from cases.procedure import (
            guard_facts,
            history_law,
            history_sources,
            new_facts,
            notices,
            starts,
            supposing,
            walls,
            work,
        )
        from cases.terms.deadlines import tell_starts, tell_supposed
        from leidraad.lib.wall import register_principal

        history_sources.register()
        history_law.register()
        notices.register()
        tell_starts("procedure", starts.starts, sees=starts.SEES)
        tell_supposed("procedure", supposing.supposed)
        work.register()
        walls.register()
        guard_facts.register()
        new_facts.register()
        register_principal("procedure.expire_answers", "Ends answers of IND whose last day has passed.", ReturnCase)
