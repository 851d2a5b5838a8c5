from django.apps import AppConfig


class ProcedureConfig(AppConfig):
    name = "cases.procedure"
    label = "procedure"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from cases.case.models import ReturnCase
        from cases.procedure import guard_facts, history_law, history_sources, notices, walls, work
        from leidraad.lib.wall import register_principal

        history_sources.register()
        history_law.register()
        notices.register()
        work.register()
        walls.register()
        guard_facts.register()
        register_principal("procedure.expire_answers", "Ends answers of IND whose last day has passed.", ReturnCase)
