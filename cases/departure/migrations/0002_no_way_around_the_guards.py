"""The database itself refuses a booking or a permission without a judgement that passes, made in the same transaction.

It is a plain trigger, so that nothing the application sets can make it look away. It asks:
- the judgement is about this case, this act, this country and this day, and was made in this very transaction;
- it holds a finding of every guard that the matrix of the day puts on the act;
- none of them, and no stop, holds the act back, and each warning has its reason.
"""

from django.db import migrations

JUDGED_NOW = """
CREATE FUNCTION terms_judged_now() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.transaction <> pg_current_xact_id()::text::bigint THEN
        RAISE EXCEPTION 'a judgement is kept in the transaction in which it was made' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER terms_judged_now BEFORE INSERT ON terms_keptjudgement
   FOR EACH ROW EXECUTE FUNCTION terms_judged_now();
"""
NO_WAY_AROUND = """
CREATE FUNCTION departure_no_way_around() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    judged terms_keptjudgement;
    asked_of text := CASE NEW.state WHEN 'booked' THEN 'book' ELSE 'authorise' END;
    needed bigint;
    found bigint;
BEGIN
    IF NEW.state NOT IN ('booked', 'authorised') THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND (OLD.case_id, OLD.state, OLD.act, OLD.destination, OLD.leaves_on, OLD.judgement_id)
            IS NOT DISTINCT FROM (NEW.case_id, NEW.state, NEW.act, NEW.destination, NEW.leaves_on, NEW.judgement_id) THEN
        RETURN NEW;
    END IF;
    SELECT * INTO judged FROM terms_keptjudgement j
     WHERE j.id = NEW.judgement_id AND j.case_id = NEW.case_id AND j.act = NEW.act AND j.destination = NEW.destination
       AND j."on" = NEW.leaves_on AND j.purpose = asked_of AND j.passes
       AND j.transaction = pg_current_xact_id()::text::bigint;
    IF judged.id IS NULL THEN
        RAISE EXCEPTION 'a departure is % only on a judgement that passes, made now', NEW.state
            USING ERRCODE = 'check_violation';
    END IF;
    SELECT count(*) INTO needed FROM (
        SELECT DISTINCT ON (m.guard_id) m.effect FROM terms_guardact m
         WHERE m.act = NEW.act AND m.valid_from <= (judged.judged_at AT TIME ZONE 'Europe/Amsterdam')::date
         ORDER BY m.guard_id, m.number DESC) cell
     WHERE cell.effect <> 'none';
    SELECT count(DISTINCT v.guard_id) INTO found FROM terms_keptfinding f JOIN terms_guardversion v ON v.id = f.guard_id
     WHERE f.judgement_id = judged.id;
    IF found < needed OR EXISTS (
            SELECT 1 FROM terms_keptfinding f WHERE f.judgement_id = judged.id
               AND (f.effect = 'block' OR (f.effect = 'warn' AND f.reason = ''))) THEN
        RAISE EXCEPTION 'a guard or a stop holds this departure back' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER departure_no_way_around BEFORE INSERT OR UPDATE ON departure_departure
   FOR EACH ROW EXECUTE FUNCTION departure_no_way_around();
"""


class Migration(migrations.Migration):
    dependencies = [("departure", "0001_departures"), ("terms", "0008_judgements")]

    operations = [
        migrations.RunSQL(
            JUDGED_NOW, "DROP TRIGGER terms_judged_now ON terms_keptjudgement; DROP FUNCTION terms_judged_now()"
        ),
        migrations.RunSQL(
            NO_WAY_AROUND,
            "DROP TRIGGER departure_no_way_around ON departure_departure; DROP FUNCTION departure_no_way_around()",
        ),
    ]
