from django.apps import AppConfig


class CaseConfig(AppConfig):
    name = "cases.case"
    label = "cases"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from cases.case import history_sources, policy_grants, walls

        history_sources.register()
        walls.register()
        policy_grants.register()
