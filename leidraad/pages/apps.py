from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "leidraad.pages"
    label = "pages"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from leidraad.pages import look_acts, redaction_acts

        look_acts.register()
        redaction_acts.register()
