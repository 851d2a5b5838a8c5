from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    name = "cases.supervision"
    label = "supervision"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from cases.case.models import ReturnCase
        from cases.supervision import guard_facts, history_sources, notices, starts, walls, work
        from cases.terms.deadlines import tell_starts
        from leidraad.lib.wall import register_principal

        history_sources.register()
        notices.register()
        tell_starts("supervision", starts.starts, sees=starts.SEES)
        work.register()
        walls.register()
        guard_facts.register()
        register_principal(
            "supervision.send_due_outcomes", "Sends outcomes whose minutes of repair are over.", ReturnCase
        )
