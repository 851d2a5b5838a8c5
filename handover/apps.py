from django.apps import AppConfig

# A case is offered before the receiver has a part in it; and who handed it over reads afterwards what it was.
WHO_HANDED_OVER_OR_RECEIVES = """EXISTS (
        SELECT 1 FROM handover_handover h
         WHERE h.case_id = {row}.id AND (SELECT leidraad_unit()) IN (h.to_unit_id, h.from_unit_id))"""


class HandoverConfig(AppConfig):
    name = "handover"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from cases.case.models import ProtectedAddress, ReturnCase, Signal
        from handover import history_sources, notices, procedures
        from leidraad.lib.wall import register_principal, widen_wall

        procedures.register()
        history_sources.register()
        notices.register()
        widen_wall(ReturnCase, WHO_HANDED_OVER_OR_RECEIVES)
        register_principal("handover.expire_handovers", "Lets handovers that nobody answered climb.", ReturnCase)
        register_principal(
            "handover.import_file", "Makes cases of the rows of a dossier file.", ReturnCase, ProtectedAddress, Signal
        )
        register_principal("handover.resume_imports", "Orders anew the imports that came to a stop.")
