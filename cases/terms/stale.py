"""Triggers by which the database notes that the deadlines of a case have to be counted anew, whatever door the change came by."""

from django.db.migrations.operations.special import RunSQL

# `{"case_id": …}` of the row itself, or of the row in another table that it belongs to.
FUNCTION = """
CREATE OR REPLACE FUNCTION terms_case_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed bigint;
BEGIN
    IF TG_NARGS = 0 THEN
        changed := NEW.case_id;
    ELSE
        EXECUTE format('SELECT case_id FROM %I WHERE id = $1', TG_ARGV[0])
           INTO changed USING (to_jsonb(NEW) ->> TG_ARGV[1])::bigint;
    END IF;
    INSERT INTO terms_stalecase (case_id) SELECT changed WHERE changed IS NOT NULL;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION terms_this_case_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO terms_stalecase (case_id) VALUES (NEW.id);
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION terms_person_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO terms_stalecase (case_id) SELECT id FROM cases_returncase WHERE person_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER terms_follow AFTER INSERT OR UPDATE OF special_group, residence_unit_id, closed_on ON cases_returncase
   FOR EACH ROW EXECUTE FUNCTION terms_this_case_changed();
CREATE TRIGGER terms_follow AFTER UPDATE OF birth_year, birth_month, birth_day ON cases_person
   FOR EACH ROW EXECUTE FUNCTION terms_person_changed();
"""
NO_FUNCTION = """
DROP TRIGGER terms_follow ON cases_returncase;
DROP TRIGGER terms_follow ON cases_person;
DROP FUNCTION terms_case_changed, terms_this_case_changed, terms_person_changed;
"""


def follow(table: str, parent: str = "", column: str = "") -> RunSQL:
    """For the migration of a subject: a change of a row here changes deadlines. With `parent` the row belongs to one there."""
    arguments = f"'{parent}', '{column}'" if parent else ""
    return RunSQL(
        f"CREATE TRIGGER terms_follow AFTER INSERT OR UPDATE ON {table}"
        f" FOR EACH ROW EXECUTE FUNCTION terms_case_changed({arguments})",
        f"DROP TRIGGER terms_follow ON {table}",
    )
