"""The statements that add stays to a batch of cases, and marks to the register of one site.

Every case has had a site from its first day. A case that closed ended its stay.
"""

from typing import Final

FORM: Final = "azc"
WEEKS: Final = 5
PLACEMENTS: Final = """
    INSERT INTO reception_placement (id, case_id, site_id, form, room, legal_basis, status, status_since, expected_on,
                                     started_on, planned_end, ended_on, end_reason, source, version)
    SELECT %(placements)s + p.n, p.case_id, p.unit_id, %(form)s, 'K' || 1 + p.n %% 400, 'rva',
           CASE WHEN p.is_running THEN 'present' ELSE 'ended' END,
           CASE WHEN p.is_running THEN p.opened_on ELSE %(today)s::date END, NULL, p.opened_on, NULL,
           CASE WHEN NOT p.is_running THEN %(today)s::date END, CASE WHEN p.is_running THEN '' ELSE 'case_closed' END, 'COA', 1
      FROM bench_part p WHERE p.part = 'reception'
"""
# The log of a stay is its own history.
STEPS: Final = """
    INSERT INTO reception_placementstep (placement_id, kind, value, status, since, noted_at, note)
    SELECT %(placements)s + p.n, 'started', '', 'present', p.opened_on, p.opened_on, ''
      FROM bench_part p WHERE p.part = 'reception'
     UNION ALL
    SELECT %(placements)s + p.n, 'ended', 'case_closed', 'ended', %(today)s::date, %(now)s, ''
      FROM bench_part p WHERE p.part = 'reception' AND NOT p.is_running
"""
# Week after week, Monday to Sunday, of the one site whose register is measured. The running week is still to be filled in.
MARKS: Final = """
    INSERT INTO reception_inhousemark (case_id, placement_id, due_from, due_to, slot, mark, note, at, version)
    SELECT p.case_id, %(placements)s + p.n, w.monday, w.monday + 6, 1,
           CASE WHEN pg_temp.draw(p.n, 80 + w.ago) < 0.92 THEN 'seen'
                WHEN pg_temp.draw(p.n, 80 + w.ago) < 0.96 THEN 'missed' ELSE 'excused' END,
           '', w.monday + interval '2 days', 1
      FROM bench_part p
     CROSS JOIN LATERAL (SELECT ago, date_trunc('week', %(today)s::date)::date - 7 * ago AS monday
                           FROM generate_series(1, %(weeks)s) ago) w
     WHERE p.part = 'reception' AND p.is_running AND p.unit_id = %(register)s AND p.opened_on <= w.monday + 6
"""
BATCH: Final = ((PLACEMENTS, "reception.Placement"), (STEPS, ""), (MARKS, "reception.InHouseMark"))
