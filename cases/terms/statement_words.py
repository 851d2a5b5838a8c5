"""Topics of statements and what may be stated about each, in words."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy, pgettext_lazy
from django_stubs_ext import StrOrPromise

from cases.terms.guards.known import Topic

TOPICS: Mapping[Topic, StrOrPromise] = {
    Topic.FRESH_TEST: gettext_lazy("Test of danger, family life and the child's interest"),
    Topic.APPLICATION_EXCEPTION: gettext_lazy("New application: exception and no danger (APR 55, 56)"),
    Topic.INTERPRETER: gettext_lazy("Interpreter for an unaccompanied minor"),
    Topic.FAMILY: gettext_lazy("Family together"),
    Topic.TRAVEL_CONDITIONS: gettext_lazy("Medical travel conditions of BMA"),
    Topic.FITNESS: gettext_lazy("Fit to travel"),
    Topic.TUBERCULOSIS: gettext_lazy("Tuberculosis"),
    Topic.BIRTH: gettext_lazy("Birth"),
    Topic.PROSECUTOR: gettext_lazy("Consent of the prosecutor"),
    Topic.IOM: gettext_lazy("Departure with IOM"),
    Topic.PROTECTION: gettext_lazy("Protection or permit in another member state"),
    Topic.FINAL_CHECKS: gettext_lazy("Final checks"),
    Topic.FERREIRA: gettext_lazy("Ferreira test"),
}
# What may be stated, the usual answer first.
VALUES: Mapping[Topic, Mapping[str, StrOrPromise]] = {
    Topic.FRESH_TEST: {
        "done": gettext_lazy("The test was done and nothing stands in the way of return"),
        "danger": gettext_lazy("The test was done and return may not go ahead"),
    },
    Topic.APPLICATION_EXCEPTION: {
        "applies": gettext_lazy("An exception applies and there is no danger"),
        "none": gettext_lazy("No exception applies"),
    },
    Topic.INTERPRETER: {
        "arranged": pgettext_lazy("interpreter", "Arranged"),
        "open": pgettext_lazy("interpreter", "Not arranged"),
    },
    Topic.FAMILY: {
        "together": gettext_lazy("The family travels together"),
        "split": gettext_lazy("The family would be split"),
    },
    Topic.TRAVEL_CONDITIONS: {
        "none": gettext_lazy("BMA asks no conditions"),
        "confirmed": gettext_lazy("The conditions are arranged and confirmed"),
        "open": gettext_lazy("The conditions are not arranged yet"),
    },
    Topic.FITNESS: {
        "fit": gettext_lazy("A doctor finds the person fit to travel"),
        "unfit": gettext_lazy("A doctor finds the person unfit to travel"),
    },
    Topic.TUBERCULOSIS: {
        "none": gettext_lazy("No tuberculosis"),
        "present": pgettext_lazy("tuberculosis", "Tuberculosis"),
    },
    Topic.BIRTH: {
        "expected": gettext_lazy("A birth is expected"),
        "born": gettext_lazy("The child was born"),
        "none": gettext_lazy("No birth is expected"),
    },
    Topic.PROSECUTOR: {
        "none_open": gettext_lazy("No extradition, prosecution or sentence is open"),
        "consent": gettext_lazy("The prosecutor consents"),
        "refused": gettext_lazy("The prosecutor does not consent"),
    },
    Topic.IOM: {
        "none": gettext_lazy("No departure is approved by IOM"),
        "approved": gettext_lazy("IOM approved a departure"),
    },
    Topic.PROTECTION: {
        "none": gettext_lazy("No protection or permit in another member state"),
        "protected": gettext_lazy("Protection or a permit there, not consulted yet"),
        "consulted": gettext_lazy("Protection or a permit there, and consulted with that state"),
    },
    Topic.FINAL_CHECKS: {
        "done": gettext_lazy("Ticket, belongings, document, baggage and fit to fly are right"),
        "open": gettext_lazy("Something is still open"),
    },
    Topic.FERREIRA: {
        "done": gettext_lazy("The test was done"),
        "open": gettext_lazy("The test was not done"),
    },
}


def topic_words(topic: str) -> str:
    return str(TOPICS[Topic(topic)])


def value_words(topic: str, value: str) -> str:
    return str(VALUES[Topic(topic)].get(value, value))
