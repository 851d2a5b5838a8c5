from django.apps import AppConfig


class TermsConfig(AppConfig):
    name = "cases.terms"
    label = "terms"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from cases.terms import history_sources, walls
        from cases.terms.guards import case_facts, statements

        walls.register()
        history_sources.register()
        case_facts.register()
        statements.register()
