from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TermsConfig(AppConfig):
    name = "cases.terms"
    label = "terms"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from cases.case.actions import after_act
        from cases.terms import history_sources, keeping, notices, starts, stop_notices, walls
        from cases.terms.deadlines import tell_starts
        from cases.terms.guards import case_facts, statements
        from partners.notices import register_notice

        walls.register()
        register_notice(
            "incident_raised", _("Something was done that a guard or stop held back. Read it and write what you found.")
        )
        history_sources.register()
        stop_notices.register()
        notices.register()
        case_facts.register()
        statements.register()
        tell_starts("terms", starts.starts, sees=starts.SEES)
        after_act(keeping.keep_soon)
