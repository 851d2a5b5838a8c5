"""Blanking the newer tables: facts of law, measures, representatives, reports of errors, referrals, and what is said of access.

A name that goes also goes where another record repeats it: a report of an error, a difference of identity, a referral.
"""

from importlib import import_module

from django.db import migrations

FIRST = import_module("leidraad.pages.migrations.0003_redaction_functions")
DOORS = import_module("leidraad.pages.migrations.0004_redaction_doors")

ALLOWED = r"""
    CREATE OR REPLACE FUNCTION pages_redaction_allowed() RETURNS TABLE (tbl text, history text, joined text, columns text[])
    LANGUAGE sql IMMUTABLE AS $$ VALUES
      ('cases_person', 'cases_historicalperson', 't.id = c.person_id',
       ARRAY['surname', 'name_prefix', 'given_names', 'birth_year', 'birth_month', 'birth_day']),
      ('cases_personalias', 'cases_historicalpersonalias', 't.person_id = c.person_id', ARRAY['name']),
      ('cases_identityconflict', 'cases_historicalidentityconflict', 't.person_id = c.person_id',
       ARRAY['stored_value', 'offered_value', 'resolution']),
      ('cases_address', 'cases_historicaladdress', 't.case_id = c.id', ARRAY['street', 'postcode', 'city']),
      ('cases_protectedaddress', 'cases_historicalprotectedaddress', 't.case_id = c.id',
       ARRAY['street', 'postcode', 'city']),
      ('cases_signal', 'cases_historicalsignal', 't.case_id = c.id', ARRAY['kind', 'source']),
      ('cases_axisentry', 'cases_historicalaxisentry', 't.case_id = c.id', ARRAY['text']),
      ('cases_returncase', 'cases_historicalreturncase', 't.id = c.id', ARRAY['residence_text']),
      ('cases_task', 'cases_historicaltask', 't.case_id = c.id', ARRAY['title']),
      ('cases_involvement', 'cases_historicalinvolvement', 't.case_id = c.id', ARRAY['end_reason']),
      ('cases_namedaccess', 'cases_historicalnamedaccess', 't.case_id = c.id', ARRAY['ground']),
      ('cases_sectionexception', 'cases_historicalsectionexception', 't.case_id = c.id', ARRAY['reason']),
      ('cases_accessrequest', 'cases_historicalaccessrequest', 't.case_id = c.id', ARRAY['reason']),
      ('cases_consent', 'cases_historicalconsent', 't.case_id = c.id', ARRAY['original_at', 'scope']),
      ('identity_errorreport', 'identity_historicalerrorreport', 't.case_id = c.id',
       ARRAY['stored_value', 'proposed_value', 'new_value', 'explanation']),
      ('requests_request', 'requests_historicalrequest', 't.case_id = c.id',
       ARRAY['reason', 'end_reason', 'place_text', 'place_city']),
      ('requests_requeststep', NULL,
       't.request_id IN (SELECT r.id FROM requests_request r'
       ' WHERE r.case_id = c.id)',
       ARRAY['text']),
      ('reception_placementstep', NULL,
       't.placement_id IN (SELECT p.id FROM reception_placement p'
       ' WHERE p.case_id = c.id)',
       ARRAY['note']),
      ('reception_inhousemark', 'reception_historicalinhousemark', 't.case_id = c.id', ARRAY['note']),
      ('handover_handover', 'handover_historicalhandover', 't.case_id = c.id', ARRAY['note', 'return_text']),
      ('handover_handoveritem', 'handover_historicalhandoveritem',
       't.handover_id IN (SELECT h.id FROM handover_handover h'
       ' WHERE h.case_id = c.id)',
       ARRAY['text', 'remark']),
      ('handover_handoverstep', NULL,
       't.handover_id IN (SELECT h.id FROM handover_handover h'
       ' WHERE h.case_id = c.id)',
       ARRAY['text']),
      ('handover_helddecision', 'handover_historicalhelddecision',
       't.row_id IN (SELECT r.id FROM handover_dossierrow r JOIN handover_dossier d ON d.id = r.dossier_id'
       ' WHERE d.case_id = c.id)',
       ARRAY['reason']),
      ('handover_referral', 'handover_historicalreferral',
       't.id IN (SELECT j.referral_id FROM handover_referraljudgement j'
       ' WHERE j.case_id = c.id)',
       ARRAY['surname', 'given_names', 'birth_year', 'birth_month', 'birth_day', 'asked', 'contact', 'note']),
      ('handover_referraljudgement', 'handover_historicalreferraljudgement', 't.case_id = c.id', ARRAY['reason']),
      ('supervision_attempt', 'supervision_historicalattempt',
       't.task_id IN (SELECT s.id FROM supervision_supervisiontask s JOIN requests_request r ON r.id = s.request_id'
       ' WHERE r.case_id = c.id)',
       ARRAY['with_whom', 'note', 'correction_reason']),
      ('supervision_reportingduty', 'supervision_historicalreportingduty', 't.case_id = c.id',
       ARRAY['end_reason', 'form_no']),
      ('supervision_dutymark', 'supervision_historicaldutymark', 't.case_id = c.id', ARRAY['note']),
      ('supervision_measure', 'supervision_historicalmeasure', 't.case_id = c.id',
       ARRAY['officer', 'place_text', 'conditions', 'ground', 'interpreter', 'form_no', 'form_system',
        'lift_note', 'lift_form_no', 'void_reason', 'source']),
      ('supervision_measurerung', 'supervision_historicalmeasurerung',
       't.measure_id IN (SELECT m.id FROM supervision_measure m'
       ' WHERE m.case_id = c.id)',
       ARRAY['why_not']),
      ('supervision_vulnerabilitynote', 'supervision_historicalvulnerabilitynote', 't.case_id = c.id',
       ARRAY['text']),
      ('supervision_courtfact', 'supervision_historicalcourtfact',
       't.measure_id IN (SELECT m.id FROM supervision_measure m'
       ' WHERE m.case_id = c.id)',
       ARRAY['court', 'reference', 'note', 'void_reason']),
      ('procedure_removabilityanswer', 'procedure_historicalremovabilityanswer', 't.case_id = c.id',
       ARRAY['note', 'correction_reason']),
      ('procedure_procedure', 'procedure_historicalprocedure', 't.case_id = c.id',
       ARRAY['regime_reason', 'reference', 'source', 'reason']),
      ('procedure_procedurestep', 'procedure_historicalprocedurestep',
       't.procedure_id IN (SELECT p.id FROM procedure_procedure p'
       ' WHERE p.case_id = c.id)',
       ARRAY['note', 'source', 'reason']),
      ('procedure_decision', 'procedure_historicaldecision', 't.case_id = c.id',
       ARRAY['reference', 'notified_to', 'source', 'reason']),
      ('procedure_periodchange', 'procedure_historicalperiodchange', 't.case_id = c.id', ARRAY['source', 'reason']),
      ('procedure_remedy', 'procedure_historicalremedy', 't.case_id = c.id',
       ARRAY['court', 'reference', 'effect_reason', 'source', 'reason']),
      ('procedure_hearing', 'procedure_historicalhearing',
       't.remedy_id IN (SELECT r.id FROM procedure_remedy r'
       ' WHERE r.case_id = c.id)',
       ARRAY['place', 'note']),
      ('procedure_transferclaim', 'procedure_historicaltransferclaim', 't.case_id = c.id',
       ARRAY['source', 'reason']),
      ('procedure_transfermove', 'procedure_historicaltransfermove',
       't.claim_id IN (SELECT q.id FROM procedure_transferclaim q'
       ' WHERE q.case_id = c.id)',
       ARRAY['note', 'source', 'reason']),
      ('procedure_postponement', 'procedure_historicalpostponement', 't.case_id = c.id', ARRAY['source', 'reason']),
      ('procedure_postponementstep', 'procedure_historicalpostponementstep',
       't.postponement_id IN (SELECT p.id FROM procedure_postponement p'
       ' WHERE p.case_id = c.id)',
       ARRAY['note', 'source']),
      ('procedure_representative', 'procedure_historicalrepresentative', 't.case_id = c.id',
       ARRAY['name', 'office', 'phone', 'email', 'end_reason', 'source']),
      ('procedure_representativeinformed', 'procedure_historicalrepresentativeinformed', 't.case_id = c.id',
       ARRAY['note', 'struck_reason'])
    $$
"""
# The same for a column of text: blanked whole when it holds one of the old values.
BLANK_TEXT = r"""
    CREATE FUNCTION pages_blank_json(t text, pattern text, keys text[]) RETURNS text LANGUAGE sql IMMUTABLE AS $$
        SELECT CASE WHEN pattern <> '' AND t ~* pattern THEN '[…]' ELSE t END
    $$
"""
# What an import said of a row, and the records that repeat a name, whichever of them is asked.
MORE_PLACES = """
            ('copy', 'handover_dossierrow', 'id', 'problem',
             'dossier_id IN (SELECT d.id FROM public.handover_dossier d WHERE d.case_id = ANY($3))'),
            ('copy', 'handover_dossierrow', 'id', 'warnings',
             'dossier_id IN (SELECT d.id FROM public.handover_dossier d WHERE d.case_id = ANY($3))'),
"""
NAMED = """
            UNION ALL
            SELECT 'named', n.tbl, n.key, unnest(n.columns),
                   n.condition || CASE WHEN n.tbl IN (of_table, rule.history) THEN format(' AND id <> %s', of_key) ELSE '' END
              FROM (VALUES
                ('cases_identityconflict', 'id', ARRAY['stored_value', 'offered_value'],
                 'person_id IN (SELECT o.person_id FROM public.cases_returncase o WHERE o.id = ANY($3))'),
                ('cases_historicalidentityconflict', 'history_id', ARRAY['stored_value', 'offered_value'],
                 'person_id IN (SELECT o.person_id FROM public.cases_returncase o WHERE o.id = ANY($3))'),
                ('identity_errorreport', 'id', ARRAY['stored_value', 'proposed_value', 'new_value'], 'case_id = ANY($3)'),
                ('identity_historicalerrorreport', 'history_id', ARRAY['stored_value', 'proposed_value', 'new_value'],
                 'case_id = ANY($3)'),
                ('handover_referral', 'id', ARRAY['surname', 'given_names'],
                 'id IN (SELECT j.referral_id FROM public.handover_referraljudgement j WHERE j.case_id = ANY($3))'),
                ('handover_historicalreferral', 'history_id', ARRAY['surname', 'given_names'],
                 'id IN (SELECT j.referral_id FROM public.handover_referraljudgement j WHERE j.case_id = ANY($3))')
              ) AS n(tbl, key, columns, condition)
             WHERE of_table IN ('cases_person', 'cases_personalias', 'cases_identityconflict', 'identity_errorreport',
                                'handover_referral')
        """
COPIES = "            ('notice', 'partners_notice', "
LISTED = ") AS v(place, tbl, key, of_column, condition)"
# The versions of a case tell much more than its place of residence: of their reasons only those that name it go.
BLANKED = "format('%1$I = CASE WHEN COALESCE(%1$I, '''') = '''' THEN %1$I ELSE %2$L END', a.attname, tombstone)"
NAMING = """format(CASE WHEN asked."table" = 'cases_returncase' AND a.attname = 'history_change_reason'
                         THEN '%1$I = CASE WHEN COALESCE(%1$I ~* NULLIF(%3$L, ''''), false) THEN %2$L ELSE %1$I END'
                         ELSE '%1$I = CASE WHEN COALESCE(%1$I, '''') = '''' THEN %1$I ELSE %2$L END' END,
                    a.attname, tombstone, pattern)"""
# A step of a stay keeps its moment under another name.
STEP = "' WHERE c.number = $1', rule.tbl, rule.tbl, rule.joined) USING of_case;\n            ELSE"
MOMENT = STEP.replace(
    "rule.tbl, rule.tbl,",
    "rule.tbl, CASE rule.tbl WHEN 'reception_placementstep' THEN 'noted_at' ELSE 'at' END, rule.tbl,",
)


def replaced(statement: str, first: str, then: str) -> str:
    """The function anew, with `then` where `first` stood. Raises ValueError when that is not exactly once."""
    anew = statement.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1)
    if anew.count(first) != 1:
        raise ValueError(first)
    return anew.replace(first, then)


PLACES = replaced(replaced(FIRST.PLACES, COPIES, MORE_PLACES[1:] + COPIES), LISTED + " LOOP", LISTED + NAMED + "LOOP")
RECORDS = replaced(replaced(DOORS.RECORDS, "t.id, t.at, 1::bigint", "t.id, t.%I, 1::bigint"), STEP, MOMENT)
# What is stated once is never changed by the web; blanking is the one change there is.
GROWS = "WHERE tgname LIKE 'pgtrigger_append_only_%'"
STATED = GROWS + " OR tgname LIKE 'pgtrigger_stated_once_%'"
# Two open differences of one field may not say the same, so what is left in their place names the record.
ONE_OF = """IF asked."table" = 'cases_personalias' THEN"""
BOTH_OF = """IF asked."table" IN ('cases_personalias', 'cases_identityconflict') THEN"""
COPY = "IF spot.of_column IS NOT NULL THEN"
REPEATED = """IF spot.place = 'named' THEN
                EXECUTE format('UPDATE public.%1$I SET %2$I = ''[…] '' || id WHERE %3$I = ANY($2)'
                               ' AND public.pages_blank_json(%2$I, $1, NULL) <> %2$I', spot.tbl, spot.of_column, spot.key)
                  USING pattern, spot.ids;
            ELSIF spot.of_column IS NOT NULL THEN"""
REDACT = DOORS.REDACT
for first, then in ((BLANKED, NAMING), (GROWS, STATED), (ONE_OF, BOTH_OF), (COPY, REPEATED)):
    REDACT = replaced(REDACT, first, then)


class Migration(migrations.Migration):
    dependencies = [("pages", "0004_redaction_doors")]

    operations = [migrations.RunSQL(statement) for statement in (ALLOWED, BLANK_TEXT, PLACES, RECORDS, REDACT)]
