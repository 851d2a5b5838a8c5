from django.apps import AppConfig


class DepartureConfig(AppConfig):
    name = "cases.departure"
    label = "departure"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from cases.case.actions import after_act
        from cases.case.closing import on_close
        from cases.departure import closing, history_sources, looking_again, notices, walls

        history_sources.register()
        notices.register()
        walls.register()
        on_close(closing.close)
        after_act(looking_again.look_soon)
