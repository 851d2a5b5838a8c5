from django.apps import AppConfig


class LibConfig(AppConfig):
    name = "leidraad.lib"
    label = "lib"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from leidraad.lib import audit

        audit.connect()
