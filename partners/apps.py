from django.apps import AppConfig


class PartnersConfig(AppConfig):
    name = "partners"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from partners import policy_file, signals

        signals.connect()
        post_migrate.connect(
            policy_file.load_where_there_is_none, sender=self, dispatch_uid="leidraad-first-policy-version"
        )
