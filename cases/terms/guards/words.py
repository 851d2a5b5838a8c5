"""The findings of guards as sentences in the reader's language."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from cases.case.nationalities import country_name
from cases.terms.guards.findings import Finding, Why
from leidraad.lib.display import date_long

SENTENCES: Mapping[Why, StrOrPromise] = {
    # in order
    Why.CLEARED: gettext_lazy("IND answered that nothing of this kind stands in the way."),
    Why.NOT_CONCERNED: gettext_lazy("This does not concern this person or this act."),
    Why.NOTIFIED: gettext_lazy("The person was told of the decision on %(until)s."),
    Why.COUNTRY_NAMED: gettext_lazy("%(country)s is the country or state on which the decision rests."),
    Why.PERIOD_OVER: gettext_lazy("The departure period ended on %(until)s."),
    Why.NO_PERIOD: gettext_lazy("There is no departure period to wait for."),
    Why.RULED: gettext_lazy("The court ruled on %(until)s, or the remedy ended that day."),
    Why.NOT_SUSPENSIVE: gettext_lazy("An appeal does not suspend removal by itself here."),
    Why.SUSPENDS_BY_ITSELF: gettext_lazy("Nothing waits for relief here: the appeal suspends by itself (G05)."),
    Why.ANSWER_AFTER: gettext_lazy("IND answered after the request was lodged."),
    Why.EXCEPTION_RECORDED: gettext_lazy("It is recorded that an exception applies and that return gives no danger."),
    Why.OTHER_COUNTRY: gettext_lazy("The measure is about another country: %(country)s."),
    Why.TESTED: gettext_lazy("The test was done."),
    Why.NO_MINOR: gettext_lazy("The person is of age."),
    Why.CHILD_READY: gettext_lazy(
        "Reception is established, the guardian was told at least a week before, and interpreter and lawyer are there."
    ),
    Why.ALONE: gettext_lazy("The dossier names no family members."),
    Why.TOGETHER: gettext_lazy("It is recorded that the family stays together."),
    Why.ENDED: gettext_lazy("This ended or was refused."),
    Why.CONDITIONS_MET: gettext_lazy("There are no conditions, or they are arranged and confirmed."),
    Why.FIT: gettext_lazy("A doctor finds the person fit to travel, and there is no tuberculosis."),
    Why.CONSENT: gettext_lazy("Nothing is open, or the prosecutor consents."),
    Why.NOT_APPROVED: gettext_lazy("IOM has approved no departure."),
    Why.GOES_THERE: gettext_lazy("The journey goes to %(country)s, which was consulted."),
    Why.NOT_PROTECTED: gettext_lazy("There is no protection or permit in another member state."),
    Why.NO_EU_CITIZEN: gettext_lazy("The person is no EU citizen."),
    Why.DECISION_RECENT: gettext_lazy("The decision is at most two years old, until %(until)s."),
    Why.IN_TIME: gettext_lazy("The latest transfer date is %(until)s."),
    Why.ANSWER_RECENT: gettext_lazy("IND answered within the %(count)s days that we set."),
    Why.FAR_OFF: gettext_lazy("The departure is more than 48 hours away."),
    Why.CHECKS_DONE: gettext_lazy("The final checks are done."),
    Why.CONDITIONS_OF_MEASURE: gettext_lazy("The conditions are recorded. It may last until %(until)s."),
    Why.WITHIN_DAYS: gettext_lazy("The measure is within the %(count)s days for a child or a family."),
    Why.COURT_IN_ORDER: gettext_lazy("The court was told, and no day to watch has come."),
    Why.NO_FAMILY: gettext_lazy("This is no family with minor children."),
    Why.FIRST_DECISION: gettext_lazy("The first decision on the asylum application is of %(until)s."),
    Why.MAY_BE_SHARED: gettext_lazy("These data may go to this receiver."),
    Why.IDENTITY_AGREES: gettext_lazy("The sources agree and the level is high enough."),
    # held back
    Why.NO_DECISION: gettext_lazy("There is no return decision, transfer decision or refusal of entry on file."),
    Why.NOT_NOTIFIED: gettext_lazy("It is not recorded that the person was told of the decision."),
    Why.COUNTRY_NOT_NAMED: gettext_lazy("%(country)s is not the country or state on which the decision rests."),
    Why.PERIOD_RUNNING: gettext_lazy("The departure period runs until %(until)s."),
    Why.PERIOD_NOT_STARTED: gettext_lazy("The departure period starts with the ruling: a remedy suspends."),
    Why.APPLICATION_PENDING: gettext_lazy("An application is undecided, so the stay is lawful."),
    Why.STAY_GRANTED: gettext_lazy("Stay was granted after the decision to return."),
    Why.LAWFUL_STAY: gettext_lazy("IND answered that the stay is lawful."),
    Why.ONLY_TRANSFER: gettext_lazy("Only the transfer to the responsible state is allowed (Vw 8(m))."),
    Why.TERM_OPEN: gettext_lazy("The term for an appeal that suspends runs until %(until)s."),
    Why.TERM_NOT_STARTED: gettext_lazy("The term has not started: the person has not been told of the decision."),
    Why.REMEDY_PENDING: gettext_lazy("A remedy that suspends is pending."),
    Why.REMEDY_WON: gettext_lazy("The court put the person in the right on %(until)s, or its ruling is not stated."),
    Why.RELIEF_OPEN: gettext_lazy("The term for interim relief runs until %(until)s."),
    Why.RELIEF_PENDING: gettext_lazy("A request for interim relief is undecided."),
    Why.RELIEF_GRANTED: gettext_lazy("Interim relief was granted on %(until)s, or its ruling is not stated."),
    Why.LATE_RELIEF: gettext_lazy(
        "A late, second or higher-appeal request for relief is pending without an answer of IND."
    ),
    Why.NEW_APPLICATION: gettext_lazy("There is a new application without a recorded exception."),
    Why.COURT_MEASURE: gettext_lazy("The European Court barred removal to %(country)s."),
    Why.TEST_OLD: gettext_lazy("The test is older than the last new fact, of %(until)s."),
    Why.TEST_DANGER: gettext_lazy("The test says that return may not go ahead."),
    Why.RECEPTION_NOT_VERIFIED: gettext_lazy("Adequate reception in the country of return is not established."),
    Why.GUARDIAN_NOT_INFORMED: gettext_lazy("It is not recorded that the guardian was told of the journey."),
    Why.LESS_THAN_WEEK: gettext_lazy("The guardian was told less than a week before. It may be from %(until)s on."),
    Why.NO_INTERPRETER: gettext_lazy("It is not recorded that there is an interpreter."),
    Why.NO_LEGAL_AID: gettext_lazy("No lawyer is recorded and confirmed."),
    Why.FAMILY_SPLIT: gettext_lazy("The family would be split."),
    Why.POSTPONED: gettext_lazy("Departure is put off until %(until)s."),
    Why.POSTPONEMENT_ASKED: gettext_lazy("Postponement was asked for. Wait for the answer."),
    Why.JUST_REFUSED: gettext_lazy("Postponement was just refused. Relief may be asked within 24 hours."),
    Why.CONDITIONS_OPEN: gettext_lazy("The conditions are not arranged."),
    Why.AROUND_BIRTH: gettext_lazy("The journey falls in the weeks around a birth, until %(until)s."),
    Why.TUBERCULOSIS: gettext_lazy("There is tuberculosis."),
    Why.UNFIT: gettext_lazy("A doctor finds the person unfit to travel."),
    Why.CRIMINAL_OPEN: gettext_lazy("A criminal case is open without the consent of the prosecutor."),
    Why.IOM_APPROVED: gettext_lazy("IOM approved a departure."),
    Why.PROTECTED_ELSEWHERE: gettext_lazy("The person has protection or a permit in another member state. %(country)s"),
    Why.NOT_CONSULTED: gettext_lazy("%(country)s was not consulted yet."),
    Why.DECISION_OLD: gettext_lazy("The decision became two years old on %(until)s."),
    Why.TOO_LATE: gettext_lazy("The latest transfer date was %(until)s."),
    Why.NO_ANSWER: gettext_lazy("IND has not answered."),
    Why.ANSWER_OLD: gettext_lazy("The answer is older than the %(count)s days that we set."),
    Why.ANSWER_DOUBTED: gettext_lazy("The answer has expired, or a later fact may have overtaken it."),
    Why.CHECKS_OPEN: gettext_lazy("Something of the final checks is open."),
    Why.NOT_HEARD: gettext_lazy("It is not recorded that the person was heard before."),
    Why.NO_GROUNDS: gettext_lazy("The individual grounds are not recorded, or too few."),
    Why.NOT_WEIGHED: gettext_lazy("It is not recorded why lighter means are not enough."),
    Why.NOT_TESTED: gettext_lazy("No vulnerability test is recorded."),
    Why.PAST_MAXIMUM: gettext_lazy("The measure may last until %(until)s at most."),
    Why.CHILD_TOO_LONG: gettext_lazy("The measure lasts longer than the %(count)s days for a child or a family."),
    Why.NOTICE_MISSING: gettext_lazy("No notice to the court is recorded."),
    Why.NOTICE_LATE: gettext_lazy("The notice to the court was sent late, on %(until)s."),
    Why.DAY_15: gettext_lazy("It is day %(count)s and the court has not ruled: day 15 has come."),
    Why.DAY_21: gettext_lazy("It is day %(count)s and the court has not ruled: day 21 has come."),
    Why.DAY_60: gettext_lazy("It is day %(count)s since the ruling. The next notice is due by day 68."),
    Why.NO_FERREIRA: gettext_lazy("The Ferreira test is not recorded."),
    Why.BEFORE_DECISION: gettext_lazy("The asylum application has not been decided."),
    Why.CRIMINAL_DATA: gettext_lazy("The person stays lawfully, so criminal police data may not go to DT&V."),
    Why.NOT_FOR_NGO: gettext_lazy("Biometrics and medical content never go to a civil organisation."),
    Why.DIFFERENCES: gettext_lazy("Differences between sources that nobody has judged: %(count)s."),
    Why.LEVEL_TOO_LOW: gettext_lazy("The source level is below the level that is required."),
    # unknown
    Why.NOT_RECORDED: gettext_lazy("Not recorded yet."),
    Why.NOT_CONFIRMED: gettext_lazy("Only a dossier states this. Nobody has confirmed it."),
    Why.TERM_NOT_KNOWN: gettext_lazy("The term is not stated, or the sources name none."),
    Why.NOT_STATED_NONE: gettext_lazy("None is recorded, and no answer of IND that holds says that there is none."),
    Why.NO_DESTINATION: gettext_lazy("No destination has been chosen."),
    Why.AGE_NOT_KNOWN: gettext_lazy("The age is not known."),
    Why.SAME_DAY: gettext_lazy("The test is of the same day as the last new fact. Which came first is not known."),
    Why.NO_SETTING: gettext_lazy("The source gives no measure for this and none has been set."),
    Why.LEVEL_NOT_KNOWN: gettext_lazy("The source level is not established."),
    Why.SIGNAL_OPEN: gettext_lazy("There is a signal of this kind, and nothing recorded that settles it."),
    Why.SOURCES_SILENT: gettext_lazy("The sources do not say what holds here."),
    Why.NOT_TOLD: gettext_lazy("It is not said which data would go to whom."),
}


def sentence(finding: Finding) -> str:
    """What the guard found, with its dates."""
    words = {
        "until": date_long(finding.until) if finding.until else _("an end that is not recorded"),
        "country": country_name(finding.country) or finding.country or _("the country named"),
        "count": finding.count,
    }
    return (str(SENTENCES[finding.why]) % words).strip()


def origin(finding: Finding) -> str:
    """Who told the fact and of which day it is; nothing where no fact is there."""
    if not finding.source:
        return ""
    words = {"source": finding.source, "date": date_long(finding.on)}
    if finding.on is None:
        return finding.source
    told = _("%(source)s, %(date)s") % words
    return told if finding.confirmed else _("%(told)s (stated in the dossier, not confirmed)") % {"told": told}
