from django.apps import AppConfig


class TermsConfig(AppConfig):
    name = "cases.terms"
    label = "terms"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from cases.case.actions import after_act
        from cases.terms import history_sources, keeping, notices, starts, stop_notices, walls
        from cases.terms.deadlines import tell_starts
        from cases.terms.guards import case_facts, statements

        walls.register()
        history_sources.register()
        stop_notices.register()
        notices.register()
        case_facts.register()
        statements.register()
        tell_starts("terms", starts.starts)
        after_act(keeping.keep_soon)
