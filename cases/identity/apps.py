from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "cases.identity"
    label = "identity"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from cases.identity import guard_facts, history_sources, notices, work

        history_sources.register()
        notices.register()
        work.register()
        guard_facts.register()
