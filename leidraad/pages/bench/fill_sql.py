"""The statements that fill the measured database, a batch of cases at a time.

Each case draws its properties from its own number, so every fill gives the same cases. What triggers keep for everybody
(list copies, search rows, sort names) is written here in bulk; `fill` has `check_grants` prove that it is the same.
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
        n bigint, v_number text, number text, person_id bigint, case_id bigint, household_id bigint, is_closed bool,
        opened_on date, phase text, removability text, travel_document text, special_group text, last_contact_on date,
        lead_id bigint, director_id bigint, site_id bigint, surname text, given_names text, name_prefix text,
        nationality text, sort_name text);
    CREATE TEMP TABLE bench_alias (n bigint, person_id bigint, name text);
    CREATE TEMP TABLE bench_part (
        n bigint, case_id bigint, unit_id bigint, group_id int, organisation text, part text, ground text, is_running bool,
        opened_on date);
    CREATE TEMP TABLE bench_task (
        n bigint, case_id bigint, unit_id bigint, assignee_id bigint, kind text, url_arg text, due_at timestamptz)
"""
OURS: Final = "bench_share, bench_director, bench_rule, bench_case, bench_alias, bench_part, bench_task"
# Keys for that many rows, so that statements can name the rows of a case by its number. Gives the key before the first.
RESERVE: Final = "SELECT setval(s, nextval(s) + %s) - %s FROM pg_get_serial_sequence(%s, 'id') s"
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
    INSERT INTO bench_case
    SELECT d.n, (9000000000 + (d.n * 7919) %% 999999937)::text,
           format('Z-%%s-%%s', extract(year FROM d.opened_on), lpad(d.n::text, greatest(6, length(d.n::text)), '0')),
           %(persons)s + d.n, %(cases)s + d.n, CASE WHEN d.in_household THEN %(households)s + d.household END,
           d.is_closed, d.opened_on,
           CASE WHEN d.is_closed THEN 'closed' ELSE pg_temp.skewed(d.n, 4, %(phases)s) END,
           pg_temp.skewed(d.n, 5, %(removabilities)s), pg_temp.skewed(d.n, 6, %(documents)s),
           pg_temp.skewed(d.n, 40, ARRAY['', '', '', '', '', '', '', 'family', 'uam', 'offender']),
           CASE WHEN pg_temp.draw(d.n, 41) < 0.95
                THEN %(today)s::date - floor(power(pg_temp.draw(d.n, 42), 2) * 200)::int END,
           lead.unit_id, director.member_id, site.unit_id, d.surname, d.given_names,
           CASE WHEN pg_temp.draw(d.n, 23) < 0.08 THEN 'el' ELSE '' END, pg_temp.skewed(d.n, 29, %(nationalities)s),
           cases_sort_name(d.surname, d.given_names)
      FROM (SELECT n, pg_temp.draw(n, 1) < 0.06 AS is_closed,
                   %(today)s::date - floor(pg_temp.draw(n, 2) * 700)::int AS opened_on,
                   (n + 2) / 3 AS household, pg_temp.draw((n + 2) / 3, 7) < 0.25 AS in_household,
                   pg_temp.skewed(n, 20, %(starts)s) || pg_temp.skewed(n, 21, %(middles)s)
                       || pg_temp.skewed(n, 22, %(ends)s) AS surname,
                   pg_temp.skewed(n, 24, %(given)s) AS given_names,
                   pg_temp.draw(n, 8) AS among, pg_temp.draw(n, 9) AS own,
                   pg_temp.draw(n, 10) AS lead, pg_temp.draw(n, 11) AS site
              FROM generate_series(%(first)s::bigint, %(last)s::bigint) n OFFSET 0) d
      JOIN bench_share lead ON lead.choice = 0 AND d.lead >= lead.low AND d.lead < lead.high
      JOIN bench_share site ON site.choice = 1 AND d.site >= site.low AND d.site < site.high
      JOIN bench_director director ON director.unit_id = lead.unit_id
           AND director.position = CASE WHEN d.own < director.own THEN 0 ELSE 1 + floor(d.among * (director.total - 1)) END
"""
PERSONS: Final = """
    INSERT INTO cases_person (id, v_number, surname, name_prefix, given_names, birth_year, birth_month, birth_day, sex,
                              nationality, nationality_established, language, unaccompanied_minor, source, field_sources, version)
    SELECT b.person_id, b.v_number, b.surname, b.name_prefix, b.given_names,
           1960 + floor(pg_temp.draw(b.n, 25) * 48)::int, 1 + floor(pg_temp.draw(b.n, 26) * 12)::int,
           1 + floor(pg_temp.draw(b.n, 27) * 28)::int, CASE WHEN pg_temp.draw(b.n, 28) < 0.75 THEN 'M' ELSE 'V' END,
           b.nationality, pg_temp.draw(b.n, 30) < 0.4, 'ara', false, 'IND', '{}', 1
      FROM bench_case b ORDER BY b.n
"""
OTHER_NAMES: Final = """
    INSERT INTO bench_alias
    SELECT b.n, b.person_id, pg_temp.skewed(b.n, 31, %(given)s) || ' ' || pg_temp.skewed(b.n, 32, %(starts)s)
           || pg_temp.skewed(b.n, 33, %(ends)s)
      FROM bench_case b WHERE pg_temp.draw(b.n, 34) < 0.15
"""
ALIASES: Final = """
    INSERT INTO cases_personalias (person_id, name, source) SELECT a.person_id, a.name, 'IND' FROM bench_alias a
"""
HOUSEHOLDS: Final = """
    INSERT INTO cases_household (id, supplier, key)
    SELECT DISTINCT household_id, 'BENCH', 'bench-' || household_id FROM bench_case WHERE household_id IS NOT NULL ORDER BY 1
"""
RETURN_CASES: Final = """
    INSERT INTO cases_returncase (id, number, person_id, household_id, household_role, special_group, ground, led_by_id,
                                  director_id, opened_on, closed_on, outcome, phase, removability, residence_form,
                                  residence_unit_id, residence_text, travel_document, last_contact_on,
                                  circumstances_asked_on, sort_name, nationality, version)
    SELECT b.case_id, b.number, b.person_id, b.household_id, CASE WHEN b.household_id IS NULL THEN '' ELSE 'other' END,
           b.special_group, 'asylum_refused', b.lead_id, b.director_id, b.opened_on,
           CASE WHEN b.is_closed THEN %(today)s::date END, CASE WHEN b.is_closed THEN 'departed_independently' ELSE '' END,
           b.phase, b.removability, 'azc', b.site_id, 'azc', b.travel_document, b.last_contact_on, NULL, b.sort_name,
           b.nationality, 1
      FROM bench_case b ORDER BY b.n
"""
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
    SELECT d.n, d.case_id, s.unit_id, u.group_id, o.code, s.part, s.ground, s.part = 'lead' OR NOT d.is_closed, d.opened_on
      FROM (SELECT b.n, b.case_id, b.is_closed, b.opened_on, choice, pg_temp.draw(b.n, 10 + choice) AS drawn
              FROM bench_case b CROSS JOIN generate_series(0, 4) choice OFFSET 0) d
      JOIN bench_share s ON s.choice = d.choice AND d.drawn >= s.low AND d.drawn < s.high
      JOIN partners_unit u ON u.id = s.unit_id JOIN partners_organisation o ON o.id = u.organisation_id
"""
INVOLVEMENTS: Final = """
    INSERT INTO cases_involvement (case_id, unit_id, part, ground, since, until, end_reason)
    SELECT p.case_id, p.unit_id, p.part, p.ground, p.opened_on, CASE WHEN NOT p.is_running THEN %(now)s END,
           CASE WHEN p.is_running THEN '' ELSE 'Case closed' END
      FROM bench_part p
"""
CONSENTS: Final = """
    INSERT INTO cases_consent (case_id, party_id, given_on, how, original_at, scope, recorded_by_unit_id)
    SELECT DISTINCT ON (p.case_id, u.organisation_id) p.case_id, u.organisation_id, p.opened_on, 'signed_form', 'Dossier', '',
           b.lead_id
      FROM bench_part p JOIN partners_unit u ON u.id = p.unit_id JOIN bench_case b ON b.n = p.n
     WHERE p.ground = 'consent' AND p.is_running
     ORDER BY p.case_id, u.organisation_id
"""
# Each unit that takes part has a task in some of its cases; the responsible unit has the next step in all.
WORK: Final = """
    INSERT INTO bench_task
    SELECT p.n, p.case_id, p.unit_id, CASE WHEN p.part = 'lead' THEN b.director_id END, k.kind, b.number,
           %(now)s::timestamptz + make_interval(days => floor(pg_temp.draw(p.n, 50 + k.draws) * 90)::int - 15)
      FROM bench_part p JOIN bench_case b ON b.n = p.n
      JOIN (VALUES ('lead', 'next_step', 1.0, 0), ('reception', 'other', 0.25, 1), ('supervision', 'supervision', 0.2, 2),
                   ('decision', 'other', 0.15, 3), ('document', 'request', 0.25, 4)) k(part, kind, chance, draws)
        ON k.part = p.part AND pg_temp.draw(p.n, 60 + k.draws) < k.chance
     WHERE p.is_running AND NOT b.is_closed
"""
TASKS: Final = """
    INSERT INTO cases_task (case_id, unit_id, assignee_id, kind, title, source, url_name, url_arg, due_at, liberty_clock,
                            created_at, version)
    SELECT t.case_id, t.unit_id, t.assignee_id, t.kind, 'Vervolg', '', 'cases:detail', t.url_arg, t.due_at, false, %(now)s, 1
      FROM bench_task t
"""
DONE_TASKS: Final = """
    INSERT INTO cases_task (case_id, unit_id, assignee_id, kind, title, source, url_name, url_arg, due_at, liberty_clock,
                            created_at, done_at, done_by_id, version)
    SELECT b.case_id, b.lead_id, b.director_id, 'next_step', 'Gesprek', '', 'cases:detail', b.number,
           b.opened_on + make_interval(days => 5 * i), false, b.opened_on, b.opened_on + make_interval(days => 5 * i),
           b.director_id, 2
      FROM bench_case b CROSS JOIN generate_series(1, 2) i
"""
# The view row carries the copies; on every other row they are empty.
GRANTS: Final = """
    INSERT INTO cases_casegrant (group_id, permission_id, content_object_id, is_listed, sort_deadline, sort_name,
                                 sort_contact, phase, removability, nationality, special_group, location_id, director_id)
    SELECT p.group_id, r.permission_id, p.case_id, NOT COALESCE(b.is_closed, true),
           CASE WHEN b.n IS NOT NULL THEN COALESCE(t.due_on, DATE '9999-12-31') END, COALESCE(b.sort_name, ''),
           COALESCE(b.last_contact_on, DATE '0001-01-01'), COALESCE(b.phase, ''), COALESCE(b.removability, ''),
           COALESCE(b.nationality, ''), COALESCE(b.special_group, ''), b.site_id, b.director_id
      FROM bench_part p JOIN bench_rule r ON r.organisation = p.organisation AND r.part = p.part
      LEFT JOIN bench_case b ON b.n = p.n AND r.permission_id = %(view)s
      LEFT JOIN (SELECT n, unit_id, min((due_at AT TIME ZONE 'Europe/Amsterdam')::date) AS due_on
                   FROM bench_task GROUP BY n, unit_id) t ON t.n = p.n AND t.unit_id = p.unit_id
     WHERE p.is_running
     ORDER BY p.case_id, p.group_id, r.permission_id
"""
SEARCH_ROWS: Final = """
    INSERT INTO cases_casesearch (case_id, names, group_ids)
    SELECT b.case_id,
           lower(unaccent(concat_ws(' ', b.surname, b.given_names, b.name_prefix, b.surname, a.names))), p.groups
      FROM bench_case b
      JOIN (SELECT n, array_agg(group_id ORDER BY group_id) AS groups FROM bench_part WHERE is_running GROUP BY n) p
        ON p.n = b.n
      LEFT JOIN (SELECT n, string_agg(name, ' ') AS names FROM bench_alias GROUP BY n) a ON a.n = b.n
     ORDER BY b.n
"""
COUNTER: Final = """
    INSERT INTO cases_casecounter (year, last) SELECT y, %(last)s FROM generate_series(%(year)s - 2, %(year)s) y
        ON CONFLICT (year) DO UPDATE SET last = EXCLUDED.last
"""
EMPTY: Final = "TRUNCATE bench_case, bench_alias, bench_part, bench_task"

# Statement, and the model whose rows it adds; with a model, the history rows of those rows follow it.
BATCH: Final = (
    (EMPTY, ""),
    (CASES, ""),
    (OTHER_NAMES, ""),
    (PARTS, ""),
    ("ANALYZE bench_case; ANALYZE bench_part", ""),
    (WORK, ""),
    (PERSONS, "Person"),
    (ALIASES, "PersonAlias"),
    (HOUSEHOLDS, "Household"),
    (RETURN_CASES, "ReturnCase"),
    (AXES, "AxisEntry"),
    (ADDRESSES, "Address"),
    (SIGNALS, "Signal"),
    (CONSENTS, "Consent"),
    (INVOLVEMENTS, "Involvement"),
    (TASKS, "Task"),
    (DONE_TASKS, "Task"),
    (GRANTS, "CaseGrant"),
    (SEARCH_ROWS, ""),
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
