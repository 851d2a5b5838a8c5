"""The statement that adds requests to a batch of cases: what a list shows as "waiting on".

The responsible team asks its police team for an address check in one case of eight; most of these wait for an answer.
"""

from typing import Final

KIND: Final = "address_check"
REQUESTS: Final = """
    INSERT INTO requests_request (case_id, kind_id, from_unit_id, asked_by_id, to_unit_id, reason, topic, offered_at, due_at,
                                  liberty_clock, risk, minors_present, interpreter, place_kind, place_text, place_city,
                                  status, ended_at, end_reason, frozen, began_involvement, version)
    SELECT b.case_id, k.id, b.lead_id, b.director_id, p.unit_id, 'Adrescontrole', '', d.offered_at,
           d.offered_at + interval '5 days',
           false, 'none', false, '', '', '', '', CASE WHEN d.ended THEN 'done' ELSE 'offered' END,
           CASE WHEN d.ended THEN d.offered_at + interval '4 days' END, '', '{}', false, 1
      FROM bench_case b JOIN bench_part p ON p.n = b.n AND p.part = 'supervision' AND p.is_running
      JOIN requests_requestkind k ON k.code = %(request_kind)s
      CROSS JOIN LATERAL (
           SELECT %(now)s::timestamptz - make_interval(days => 1 + floor(pg_temp.draw(b.n, 71) * 20)::int) AS offered_at,
                  pg_temp.draw(b.n, 72) < 0.3 AS ended) d
     WHERE pg_temp.draw(b.n, 70) < 0.125
"""
BATCH: Final = ((REQUESTS, "requests.Request"),)
