"""The statements that add facts of law to a batch of cases: what starts the terms that are counted.

Every case has a procedure and nearly every one a decision that was notified; a third was appealed, half of these ruled on. Three
in a hundred are detained, and three in a hundred have a ground that postpones departure. How often is a choice of the bench.
"""

from typing import Final

PROCEDURES: Final = """
    INSERT INTO procedure_procedure (case_id, source, recorded_at, reason, version, kind_id, regime, regime_reason, lodged_on,
                                     reference, result)
    SELECT b.case_id, 'IND', %(now)s, '', 1, k.id, CASE WHEN b.opened_on >= DATE '2026-06-12' THEN 'pact' ELSE 'former' END,
           '', b.opened_on - 60, '', ''
      FROM bench_case b
      JOIN procedure_procedurekind k
        ON k.code = CASE WHEN b.opened_on >= DATE '2026-06-12' THEN 'accelerated' ELSE 'general_6' END
"""
DECISIONS: Final = """
    INSERT INTO procedure_decision (case_id, source, recorded_at, reason, version, kind_id, procedure_id, regime, authority,
                                    reference, decided_on, notified_on, notified_how, notified_to, notified_language,
                                    is_return_decision, countries, period_days)
    SELECT b.case_id, 'IND', %(now)s, '', 1, k.id, p.id, CASE WHEN b.opened_on >= DATE '2026-06-12' THEN 'pact' ELSE 'former' END,
           'ind', '', d.decided_on,
           CASE WHEN d.told THEN d.decided_on + 3 END, CASE WHEN d.told THEN 'in_person' ELSE '' END, '', '', true,
           ARRAY[b.nationality], 28
      FROM bench_case b JOIN procedure_procedure p ON p.case_id = b.case_id
      JOIN procedure_decisionkind k ON k.code = 'unfounded'
      CROSS JOIN LATERAL (SELECT b.opened_on - floor(pg_temp.draw(b.n, 80) * 30)::int AS decided_on,
                                 pg_temp.draw(b.n, 81) < 0.97 AS told) d
     WHERE pg_temp.draw(b.n, 82) < 0.95
"""
REMEDIES: Final = """
    INSERT INTO procedure_remedy (case_id, source, recorded_at, reason, version, decision_id, kind, lodged_on, court, reference,
                                  country, effect, effect_reason, ruled_on, ruling)
    SELECT b.case_id, 'IND', %(now)s, '', 1, d.id, 'appeal', d.decided_on + 10, '', '', '', 'auto', '',
           CASE WHEN r.ruled THEN d.decided_on + 70 END, CASE WHEN r.ruled THEN 'dismissed' ELSE '' END
      FROM bench_case b JOIN procedure_decision d ON d.case_id = b.case_id
      CROSS JOIN LATERAL (SELECT pg_temp.draw(b.n, 83) < 0.5 AND d.decided_on + 70 <= %(today)s::date AS ruled) r
     WHERE pg_temp.draw(b.n, 84) < 0.35
"""
POSTPONEMENTS: Final = """
    INSERT INTO procedure_postponement (case_id, source, recorded_at, reason, version, kind_id, state, section, since, until)
    SELECT b.case_id, 'IND', %(now)s, '', 1, k.id, 'granted', 'medical', s.since, s.since + 180
      FROM bench_case b JOIN procedure_postponementkind k ON k.code = 'art64'
      CROSS JOIN LATERAL (SELECT b.opened_on + floor(pg_temp.draw(b.n, 85) * 20)::int AS since) s
     WHERE pg_temp.draw(b.n, 86) < 0.03 AND NOT b.is_closed AND s.since <= %(today)s::date
"""
MEASURES: Final = """
    INSERT INTO supervision_measure (case_id, kind_id, family, authority, unit_id, officer, imposed_at, time_known, place_text,
                                     conditions, public_order, ground, form_no, form_system, counsel, interpreter, test_result,
                                     lift_reason, lift_note, lift_form_no, source, stated, recorded_at, void_reason, version)
    SELECT b.case_id, k.id, k.family, 'dtv_ua', b.lead_id, 'Ambtenaar', i.imposed_at, true, '', '', false,
           'Onttrekt zich', '', '', 'present', '', '', '', '', '', 'DT&V', false, i.imposed_at, '', 1
      FROM bench_case b JOIN supervision_measurekind k ON k.code = 'art59_1a'
      CROSS JOIN LATERAL (
           SELECT %(now)s::timestamptz - make_interval(days => floor(pg_temp.draw(b.n, 87) * 80)::int) AS imposed_at) i
     WHERE pg_temp.draw(b.n, 88) < 0.03 AND NOT b.is_closed AND i.imposed_at::date >= b.opened_on
"""
BATCH: Final = (
    (PROCEDURES, "procedure.Procedure"),
    (DECISIONS, "procedure.Decision"),
    (REMEDIES, "procedure.Remedy"),
    (POSTPONEMENTS, "procedure.Postponement"),
    (MEASURES, "supervision.Measure"),
)
