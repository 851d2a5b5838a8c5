"""The statements that fill the measured database, a batch of cases at a time.

Each case draws its properties from its own number, so every fill gives the same cases. Nothing here writes a list copy, a
search row or a sort name: the triggers do, as they do for everybody.
"""

from typing import Final

# A number from 0 to 1 that depends on the case's number and on what is drawn.
DRAW: Final = """
    CREATE OR REPLACE FUNCTION pg_temp.draw(n bigint, what int) RETURNS float8 LANGUAGE sql IMMUTABLE AS $$
        SELECT (hashint8extended(n, what) & 4294967295)::float8 / 4294967296.0
    $$
"""
# One of a list, the first ones far more often than the last.
SKEWED: Final = """
    CREATE OR REPLACE FUNCTION pg_temp.skewed(n bigint, what int, choices text[]) RETURNS text LANGUAGE sql IMMUTABLE AS $$
        SELECT choices[1 + floor(power(pg_temp.draw(n, what), 1.8) * cardinality(choices))::int]
    $$
"""
TABLES: Final = """
    CREATE TEMP TABLE bench_share (choice int, low float8, high float8, unit_id bigint, part text, ground text);
    CREATE TEMP TABLE bench_director (unit_id bigint, position bigint, total bigint, member_id bigint, own float8);
    CREATE TEMP TABLE bench_rule (organisation text, part text, permission_id int);
    CREATE TEMP TABLE bench_case (
        n bigint PRIMARY KEY, v_number text, number text, person_id bigint, case_id bigint, is_closed bool,
        opened_on date, phase text, removability text, travel_document text, lead_id bigint, director_id bigint,
        site_id bigint, household_key text);
    CREATE TEMP TABLE bench_part (
        n bigint, case_id bigint, unit_id bigint, part text, ground text, is_running bool, opened_on date)
"""
# The first one of each team is measured and has few cases of their own; the others divide the rest.
DIRECTORS: Final = """
    INSERT INTO bench_director
    SELECT m.unit_id, row_number() OVER each - 1, count(*) OVER (PARTITION BY m.unit_id), m.member_id,
           least(%(own)s / ((s.high - s.low) * %(rows)s), 1)
      FROM partners_membership m JOIN partners_role r ON r.id = m.role_id
      JOIN bench_share s ON s.unit_id = m.unit_id AND s.part = 'lead'
     WHERE r.code = 'case_director'
    WINDOW each AS (PARTITION BY m.unit_id ORDER BY m.member_id)
"""

# What the cases of this batch are. 7919 and the modulus are primes: numbers differ, and neighbours do not look alike.
CASES: Final = """
    INSERT INTO bench_case (n, v_number, number, is_closed, opened_on, phase, removability, travel_document, lead_id,
                            director_id, site_id, household_key)
    SELECT d.n, (9000000000 + (d.n * 7919) %% 999999937)::text,
           format('Z-%%s-%%s', extract(year FROM d.opened_on), lpad(d.n::text, greatest(6, length(d.n::text)), '0')),
           d.is_closed, d.opened_on,
           CASE WHEN d.is_closed THEN 'closed' ELSE pg_temp.skewed(d.n, 4, %(phases)s) END,
           pg_temp.skewed(d.n, 5, %(removabilities)s), pg_temp.skewed(d.n, 6, %(documents)s),
           lead.unit_id, director.member_id, site.unit_id,
           CASE WHEN pg_temp.draw((d.n - 1) / 3, 7) < 0.25 THEN 'bench-' || (d.n - 1) / 3 ELSE '' END
      FROM (SELECT n, pg_temp.draw(n, 1) < 0.06 AS is_closed,
                   %(today)s::date - floor(pg_temp.draw(n, 2) * 700)::int AS opened_on
              FROM generate_series(%(first)s::bigint, %(last)s::bigint) n) d
      JOIN bench_share lead ON lead.choice = 0 AND pg_temp.draw(d.n, 10) >= lead.low AND pg_temp.draw(d.n, 10) < lead.high
      JOIN bench_share site ON site.choice = 1 AND pg_temp.draw(d.n, 11) >= site.low AND pg_temp.draw(d.n, 11) < site.high
      JOIN bench_director director ON director.unit_id = lead.unit_id
           AND director.position = CASE WHEN pg_temp.draw(d.n, 9) < director.own THEN 0
                                        ELSE 1 + floor(pg_temp.draw(d.n, 8) * (director.total - 1)) END
"""
PERSONS: Final = """
    INSERT INTO cases_person (v_number, surname, name_prefix, given_names, birth_year, birth_month, birth_day, sex,
                              nationality, nationality_established, language, unaccompanied_minor, source, version)
    SELECT b.v_number,
           pg_temp.skewed(b.n, 20, %(starts)s) || pg_temp.skewed(b.n, 21, %(middles)s) || pg_temp.skewed(b.n, 22, %(ends)s),
           CASE WHEN pg_temp.draw(b.n, 23) < 0.08 THEN 'el' ELSE '' END, pg_temp.skewed(b.n, 24, %(given)s),
           1960 + floor(pg_temp.draw(b.n, 25) * 48)::int, 1 + floor(pg_temp.draw(b.n, 26) * 12)::int,
           1 + floor(pg_temp.draw(b.n, 27) * 28)::int, CASE WHEN pg_temp.draw(b.n, 28) < 0.75 THEN 'M' ELSE 'V' END,
           pg_temp.skewed(b.n, 29, %(nationalities)s), pg_temp.draw(b.n, 30) < 0.4, 'ara', false, 'IND', 1
      FROM bench_case b ORDER BY b.n
"""
FIND_PERSONS: Final = "UPDATE bench_case b SET person_id = p.id FROM cases_person p WHERE p.v_number = b.v_number"
ALIASES: Final = """
    INSERT INTO cases_personalias (person_id, name, source)
    SELECT b.person_id, pg_temp.skewed(b.n, 31, %(given)s) || ' ' || pg_temp.skewed(b.n, 32, %(starts)s)
           || pg_temp.skewed(b.n, 33, %(ends)s), 'IND'
      FROM bench_case b WHERE pg_temp.draw(b.n, 34) < 0.15
"""
HOUSEHOLDS: Final = """
    INSERT INTO cases_household (supplier, key) SELECT DISTINCT 'BENCH', household_key FROM bench_case
     WHERE household_key <> ''
"""
RETURN_CASES: Final = """
    INSERT INTO cases_returncase (number, person_id, household_id, household_role, special_group, ground, led_by_id,
                                  director_id, opened_on, closed_on, outcome, phase, removability, residence_form,
                                  residence_unit_id, residence_text, travel_document, last_contact_on,
                                  circumstances_asked_on, sort_name, nationality, version)
    SELECT b.number, b.person_id, h.id, CASE WHEN h.id IS NULL THEN '' ELSE 'other' END,
           pg_temp.skewed(b.n, 40, ARRAY['', '', '', '', '', '', '', 'family', 'uam', 'offender']), 'asylum_refused', b.lead_id,
           b.director_id, b.opened_on, CASE WHEN b.is_closed THEN %(today)s::date END,
           CASE WHEN b.is_closed THEN 'departed_independently' ELSE '' END, b.phase, b.removability, 'azc',
           b.site_id, 'azc', b.travel_document,
           CASE WHEN pg_temp.draw(b.n, 41) < 0.95
                THEN %(today)s::date - floor(power(pg_temp.draw(b.n, 42), 2) * 200)::int END,
           NULL, '', '', 1
      FROM bench_case b LEFT JOIN cases_household h ON h.supplier = 'BENCH' AND h.key = b.household_key
     ORDER BY b.n
"""
FIND_CASES: Final = "UPDATE bench_case b SET case_id = c.id FROM cases_returncase c WHERE c.number = b.number"
AXES: Final = """
    INSERT INTO cases_axisentry (case_id, axis, value, text, since, source)
    SELECT b.case_id, a.axis, a.value, a.text, b.opened_on, 'DT&V'
      FROM bench_case b CROSS JOIN LATERAL (VALUES
           ('phase', b.phase, ''), ('removability', b.removability, ''), ('residence', 'azc', 'azc'),
           ('travel_document', b.travel_document, '')) a(axis, value, text)
"""
ADDRESSES: Final = """
    INSERT INTO cases_address (case_id, street, postcode, city, source, since)
    SELECT b.case_id, 'Dorpsweg ' || 1 + b.n %% 90, '9999 XA', 'Veenmeer', 'COA', b.opened_on
      FROM bench_case b WHERE pg_temp.draw(b.n, 43) < 0.8
"""
SIGNALS: Final = """
    INSERT INTO cases_signal (case_id, kind, source, noted_on)
    SELECT b.case_id, pg_temp.skewed(b.n, 44, ARRAY['medical', 'public_order', 'suicide_risk', 'pregnant']), 'COA', b.opened_on
      FROM bench_case b WHERE pg_temp.draw(b.n, 45) < 0.06
"""
# Five units for each case. What closed ends for all but the responsible unit.
PARTS: Final = """
    INSERT INTO bench_part
    SELECT b.n, b.case_id, s.unit_id, s.part, s.ground, s.part = 'lead' OR NOT b.is_closed, b.opened_on
      FROM bench_case b CROSS JOIN generate_series(0, 4) drawn
      JOIN bench_share s ON s.choice = drawn AND pg_temp.draw(b.n, 10 + drawn) >= s.low
           AND pg_temp.draw(b.n, 10 + drawn) < s.high
"""
INVOLVEMENTS: Final = """
    INSERT INTO cases_involvement (case_id, unit_id, part, ground, since, until, end_reason)
    SELECT p.case_id, p.unit_id, p.part, p.ground, p.opened_on, CASE WHEN NOT p.is_running THEN %(now)s END,
           CASE WHEN p.is_running THEN '' ELSE 'Case closed' END
      FROM bench_part p
"""
# Each unit that takes part has a task in some of its cases; the responsible unit has the next step in all.
TASKS: Final = """
    INSERT INTO cases_task (case_id, unit_id, assignee_id, kind, title, source, url_name, url_arg, due_at, liberty_clock,
                            created_at, version)
    SELECT p.case_id, p.unit_id, CASE WHEN p.part = 'lead' THEN b.director_id END, k.kind, 'Vervolg', '', 'cases:detail',
           b.number, %(now)s::timestamptz + make_interval(days => floor(pg_temp.draw(p.n, 50 + k.draws) * 90)::int - 15),
           false, %(now)s, 1
      FROM bench_part p JOIN bench_case b ON b.n = p.n
      JOIN (VALUES ('lead', 'next_step', 1.0, 0), ('reception', 'other', 0.25, 1), ('supervision', 'supervision', 0.2, 2),
                   ('decision', 'other', 0.15, 3), ('document', 'request', 0.25, 4)) k(part, kind, chance, draws)
        ON k.part = p.part AND pg_temp.draw(p.n, 60 + k.draws) < k.chance
     WHERE p.is_running AND NOT b.is_closed
"""
DONE_TASKS: Final = """
    INSERT INTO cases_task (case_id, unit_id, assignee_id, kind, title, source, url_name, url_arg, due_at, liberty_clock,
                            created_at, done_at, done_by_id, version)
    SELECT b.case_id, b.lead_id, b.director_id, 'next_step', 'Gesprek', '', 'cases:detail', b.number,
           b.opened_on + make_interval(days => 5 * i), false, b.opened_on, b.opened_on + make_interval(days => 5 * i),
           b.director_id, 2
      FROM bench_case b CROSS JOIN generate_series(1, 2) i
"""
# All grants of the batch in one statement: the trigger then writes each case's search row once.
GRANTS: Final = """
    INSERT INTO cases_casegrant (group_id, permission_id, content_object_id, is_listed, sort_name, sort_contact, phase,
                                 removability, nationality, special_group)
    SELECT DISTINCT u.group_id, r.permission_id, p.case_id, false, '', DATE '0001-01-01', '', '', '', ''
      FROM bench_part p JOIN partners_unit u ON u.id = p.unit_id JOIN partners_organisation o ON o.id = u.organisation_id
      JOIN bench_rule r ON r.organisation = o.code AND r.part = p.part
     WHERE p.is_running
     ORDER BY p.case_id, u.group_id, r.permission_id
"""
COUNTER: Final = """
    INSERT INTO cases_casecounter (year, last) SELECT y, %(last)s FROM generate_series(%(year)s - 2, %(year)s) y
        ON CONFLICT (year) DO UPDATE SET last = EXCLUDED.last
"""
EMPTY: Final = "TRUNCATE bench_case, bench_part"

# Statement, and the model whose rows it adds; with a model, the history rows of those rows follow it.
BATCH: Final = (
    (EMPTY, ""),
    (CASES, ""),
    (PERSONS, "Person"),
    (FIND_PERSONS, ""),
    (ALIASES, "PersonAlias"),
    (HOUSEHOLDS, "Household"),
    (RETURN_CASES, "ReturnCase"),
    (FIND_CASES, ""),
    (AXES, "AxisEntry"),
    (ADDRESSES, "Address"),
    (SIGNALS, "Signal"),
    (PARTS, ""),
    (INVOLVEMENTS, "Involvement"),
    (TASKS, "Task"),
    (DONE_TASKS, "Task"),
    (GRANTS, "CaseGrant"),
)

# What is drawn from, the most frequent first.
WORDS: Final = {
    "phases": "planning track_forced track_voluntary assigned suspended travel_booked track_mediation whereabouts_unknown"
    " final_checks advice_no_fault",
    "nationalities": "DZA MAR SYR IRQ AFG IRN NGA ERI SOM GEO ALB TUR GIN GMB SLE EGY TUN LBY PAK IND BGD LKA CHN MNG ARM AZE"
    " RUS UKR MDA SRB MKD BIH XKX COD CMR CIV GHA SEN MLI TCD SDN ETH KEN UGA RWA BDI VNM VEN COL SUR",
    "starts": "Ha Ma Sa Al Ka Ba Ra Na Ya Mo Da Ben Fa La Ab Za Ta Ga El Ja Am Ke Sha Ib Mu Se Bo Si Te Wa Dia Tou Kou Cha"
    " Ou Ny Yo Ze Gue Zi",
    "middles": "ma li ra sa di ba mi na ha la ri ka bra da ssa ni lla ta hi si fa ne re mou za ki be rra sha ti gha ya dou"
    " tou va wa yo xi ze zi",
    "ends": "di ri ni li n d mi h ti s ki bi m hi r l k ne t sh z tou y w x",
    "given": "Mohamed Ahmed Ali Fatima Hassan Ibrahim Yacine Omar Amina Yusuf Karim Samira Bilal Nadia Khaled Rachid Leila"
    " Said Mariam Tarek Adam Hamza Aisha Idris Salma Anwar Zahra Jamal Nour Walid Farid Hana Elias Sami Rania Tesfay Luam"
    " Dawit Giorgi Nino Arben Drita Mamadou Aminata Lamin Binta Emeka Ngozi Wei Thi Arjun Priya",
}
LISTS: Final = {
    **{name: words.split() for name, words in WORDS.items()},
    "removabilities": ["removable", "not_yet", "barred_temporarily", "lawful_stay", ""],
    "documents": ["missing", "copy_only", "present", ""],
}
