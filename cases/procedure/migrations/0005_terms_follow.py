from django.db import migrations

from cases.terms.stale import follow


class Migration(migrations.Migration):
    dependencies = [("procedure", "0004_what_a_dossier_leaves_open"), ("terms", "0003_kept_deadlines")]

    operations = [
        follow("procedure_procedure"),
        follow("procedure_procedurestep", "procedure_procedure", "procedure_id"),
        follow("procedure_decision"),
        follow("procedure_periodchange"),
        follow("procedure_remedy"),
        follow("procedure_transferclaim"),
        follow("procedure_transfermove", "procedure_transferclaim", "claim_id"),
        follow("procedure_postponement"),
        follow("procedure_postponementstep", "procedure_postponement", "postponement_id"),
    ]
