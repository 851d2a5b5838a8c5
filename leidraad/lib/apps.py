from django.apps import AppConfig


class LibConfig(AppConfig):
    name = "leidraad.lib"
    label = "lib"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from leidraad.lib import audit, roles, triggers, wall

        audit.connect()
        # For one application only: the signal comes once for each, when all tables are there.
        post_migrate.connect(roles.grant_application_role, sender=self, dispatch_uid="leidraad-application-role")
        post_migrate.connect(wall.build, sender=self, dispatch_uid="leidraad-wall")
        post_migrate.connect(triggers.quicken_triggers, sender=self, dispatch_uid="leidraad-quick-triggers")
