from django.apps import AppConfig

# A case is offered before the receiver has a part in it; and who handed it over reads afterwards what it was.
WHO_HANDED_OVER_OR_RECEIVES = """EXISTS (
        SELECT 1 FROM handover_handover h
         WHERE h.case_id = {row}.id AND (SELECT leidraad_unit()) IN (h.to_unit_id, h.from_unit_id))"""

# What was referred is for the unit that filed it and the desk that it was sent to; what a desk matched to a case also for the
# unit of the same organisation that is responsible for that case. What the desk found never for the unit that filed it.
LEADS = """({granted} AND EXISTS (
        SELECT 1 FROM partners_unit a JOIN partners_unit d ON d.organisation_id = a.organisation_id
         WHERE a.id = (SELECT leidraad_unit()) AND d.id = {desk}))"""
SENT_OR_RECEIVED = "(SELECT leidraad_unit()) IN ({row}.from_unit_id, {row}.desk_id)"
MATCHED = """EXISTS (
        SELECT 1 FROM handover_referraljudgement j
         WHERE j.referral_id = {row}.id AND j.undone_at IS NULL AND {leads})"""


class HandoverConfig(AppConfig):
    name = "handover"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from cases.case.models import CaseSearch, ProtectedAddress, ReturnCase, Signal
        from cases.case.walls import GRANTED
        from handover import history_sources, notices, procedures
        from handover.models import Referral, ReferralJudgement
        from leidraad.lib.wall import let_past, register_principal, register_wall, widen_wall

        procedures.register()
        history_sources.register()
        notices.register()
        widen_wall(ReturnCase, WHO_HANDED_OVER_OR_RECEIVES)
        register_principal("handover.expire_handovers", "Lets handovers that nobody answered climb.", ReturnCase)
        register_principal(
            "handover.import_file", "Makes cases of the rows of a dossier file.", ReturnCase, ProtectedAddress, Signal
        )
        register_principal("handover.resume_imports", "Orders anew the imports that came to a stop.")

        leads = LEADS.replace("{granted}", GRANTED.replace("{right}", "lead"))
        matched = MATCHED.replace("{leads}", leads.format(case="j.case_id", desk="{row}.desk_id"))
        register_wall(Referral, f"{SENT_OR_RECEIVED} OR {matched}")
        register_wall(
            ReferralJudgement,
            "{row}.decided_unit_id = (SELECT leidraad_unit()) OR "
            + leads.format(case="{row}.case_id", desk="{row}.decided_unit_id"),
        )
        register_principal(
            "handover.match_referral", "Finds for intake whom a referral may be about.", ReturnCase, CaseSearch
        )
        for work in ("demo", "bench", "verify_log", "check_history"):
            let_past(work, Referral, ReferralJudgement)
