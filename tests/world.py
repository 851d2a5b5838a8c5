"""One member's world in six states: own, another unit's, another organisation's, offered, closed, and nothing at all."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

from cases.case.actions import close_case
from cases.case.models import (
    DifferenceDecision,
    IdentityConflict,
    Mark,
    NamedAccess,
    Part,
    Redistribution,
    ReturnCase,
    SavedFilter,
    SectionException,
)
from cases.departure.actions import book, prepare
from cases.identity.reporting import NewReport, report_error
from cases.procedure.models import InformedMatter, Representative, RepresentativeInformed, RepresentativeKind
from cases.reception.models import Placement
from cases.reception.presence_actions import mark_in_house
from cases.requests.actions import NewRequest, Place, accept_request, ask_request
from cases.requests.models import PlaceKind, Request, RequestKind
from cases.supervision.duties import Terms, impose_reporting
from cases.supervision.measure_actions import NewCourtFact, NewExtension, extend, impose, record_court
from cases.supervision.models import SupervisionTask
from cases.supervision.reporting_actions import mark_duty
from cases.terms.authorising import Held
from cases.terms.incidents import raise_incident
from handover.actions import accept_handover, mark_opened
from handover.importing import runner, store
from handover.models import Handover, Referral, ReferralReason
from handover.referrals.actions import file_referral
from handover.referrals.states import Finding
from leidraad.lib import clock, events
from leidraad.lib.audit import save_as
from leidraad.lib.models import Event, EventKind
from leidraad.pages.models import LookReview, Redaction
from partners.models import Member, Unit
from partners.policy import may_do
from partners.policy_actions import start_draft
from tests.cast import PRINCIPAL, Cast, member_of
from tests.departure import leaving
from tests.factories import consented, involve, led_case, person, received_case, second_unit, unit
from tests.handover.hand import offered
from tests.handover.referred import filed, judged, told
from tests.procedure.stored_law import recorded_law
from tests.supervision.measures import details
from tests.terms.placed import stop_row

# What each partner does in a case that is its own. DT&V leads or judges; the police work on a request.
PARTS = {
    "dia": (Part.DOCUMENT, "task"),
    "boekingen": (Part.BOOKING, "task"),
    "ua": (Part.DEPARTURE, "task"),
    "casemanager": (Part.RECEPTION, "location"),
    "casemanager2": (Part.RECEPTION, "location"),
    "coa-receptie": (Part.RECEPTION, "location"),
    "coa-manager": (Part.RECEPTION, "location"),
    "ind": (Part.DECISION, "law"),
    "kmar": (Part.ESCORT, "task"),
    "dji": (Part.CUSTODY, "law"),
    "dvo": (Part.TRANSPORT, "task"),
    "iom": (Part.ASSISTED, "consent"),
    "nidos": (Part.GUARDIAN, "law"),
    "gemeente": (Part.MUNICIPAL, "task"),
    "vwn": (Part.SUPPORT, "consent"),
}
STATES = ("own", "other_unit", "other_org", "offered", "closed", "missing")
NOTHING = 999_999
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Keys:
    """The keys that a URL of this state is made of."""

    number: str = "Z-2026-999999"
    request: int = NOTHING
    task: int = NOTHING
    handover: int = NOTHING
    file: int = NOTHING
    access: int = NOTHING
    redistribution: int = NOTHING
    saved_filter: int = NOTHING
    question: int = NOTHING
    site: str = "azc-nergens"
    week: str = field(default_factory=lambda: "{}-W{:02d}".format(*clock.today().isocalendar()))
    mark: int = NOTHING
    placement: int = NOTHING
    look: int = NOTHING
    review: int = NOTHING
    involvement: int = NOTHING
    exception: int = NOTHING
    named: int = NOTHING
    consent: int = NOTHING
    record: int = NOTHING
    redaction: int = NOTHING
    representative: int = NOTHING
    informed: int = NOTHING
    conflict: int = NOTHING
    decided: int = NOTHING
    error_report: int = NOTHING
    measure: int = NOTHING
    fact: int = NOTHING
    extension: int = NOTHING
    referral: int = NOTHING
    procedure: int = NOTHING
    step: int = NOTHING
    decision: int = NOTHING
    remedy: int = NOTHING
    hearing: int = NOTHING
    claim: int = NOTHING
    move: int = NOTHING
    postponement: int = NOTHING
    statement: int = NOTHING
    stop: int = NOTHING

    departure: int = NOTHING
    judgement: int = NOTHING
    incident: int = NOTHING
    version: int = NOTHING
    line: int = NOTHING


@dataclass
class World:
    cast: Cast
    username: str
    states: dict[str, Keys] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.own = self._own()
        self.states = {
            "own": self.own,
            "other_unit": self._other_unit(),
            "other_org": self._other_org(),
            "offered": self._offered(),
            "closed": self._closed(),
            "missing": Keys(),
        }

    @property
    def director(self) -> Member:
        return self.cast.regievoerder2 if self.username == "regievoerder2" else self.cast.regievoerder

    def _accepted(self) -> tuple[ReturnCase, Handover]:
        handover = mark_opened(offered(received_case(person(), residence_unit=self._site())), by=self.cast.intake)
        director = self.director
        handover = accept_handover(handover, team=director.acting_unit, director=director, by=self.cast.intake)
        case = ReturnCase.objects.get(pk=handover.case_id)
        part = PARTS.get(self.username)
        if part and self._site() is None:
            involve(case, getattr(self.cast, self.username.replace("-", "_")).acting_unit, *part)
        return case, handover

    def _site(self) -> Unit | None:
        """Where the person of an own case stays: for COA's people at their own site, for others nowhere that is known."""
        if PARTS.get(self.username) != (Part.RECEPTION, "location"):
            return None
        site: Unit = getattr(self.cast, self.username.replace("-", "_")).acting_unit
        return site

    def _ask(self, case: ReturnCase, by: Member, police: str = "avim-noord") -> Request:
        new = NewRequest(
            kind=RequestKind.objects.get(code="address_check"),
            to_unit=unit(police),
            reason="Is hij er nog?",
            due_at=clock.now() + timedelta(days=1),
            risk="none",
            place=Place(PlaceKind.ADDRESS, None, "Lindelaan 12", "Veenmeer"),
        )
        return ask_request(case, new, by=by)

    def _with_work(self, case: ReturnCase, by: Member, police: str = "avim-noord") -> Keys:
        officer = self.cast.politie if police == "avim-noord" else member_of(unit(police), "supervision_officer")
        request = accept_request(self._ask(case, by, police), by=officer)
        task = SupervisionTask.objects.get(request=request).pk
        return Keys(number=case.number, request=request.pk, task=task, question=self._question(case, by, police))

    def _question(self, case: ReturnCase, by: Member, police: str, *, take_on: bool = True) -> int:
        """Asked of the IND team beside that police team; taken on by it, unless it is only offered."""
        asked_of = unit("ind-noord") if police == "avim-noord" else second_unit("ind-zuid", "ind-noord")
        kind = RequestKind.objects.get(code="removability_check")
        new = NewRequest(kind, asked_of, "Is deze persoon verwijderbaar?", clock.now() + timedelta(days=5))
        request = ask_request(case, new, by=by)
        return accept_request(request, by=member_of(asked_of, "ind_officer")).pk if take_on else request.pk

    def _own(self) -> Keys:
        case, handover = self._accepted()
        keys = self._with_work(case, self.director)
        divided = self._divided("dtv-noord-2")
        look, review = self._looked(case)
        return replace(
            keys,
            handover=handover.pk,
            file=self._file(),
            redistribution=divided,
            saved_filter=self._saved("dtv-noord-2"),
            site="azc-oosterhaar" if self.username == "casemanager2" else "azc-veenmeer",
            mark=self._marked(case),
            placement=self._placement(case),
            look=look,
            record=case.person_id,
            redaction=self._to_blank(case),
            review=review,
            **self._policy(),
            **self._detained(case),
            referral=self._referred(),
            **self._shared(case),
            **self._represented(case),
            **self._identity(case),
            **recorded_law(case),
            stop=save_as(stop_row(case, self.cast.ind, "appeal"), by=PRINCIPAL).pk,
            **self._leaving(case, getattr(self.cast, self.username.replace("-", "_"))),
        )

    def _identity(self, case: ReturnCase) -> dict[str, Any]:
        """A difference to be judged, one that was decided, and an error that the responsible unit reported to IND."""
        values = {"person": case.person, "stored_value": "x", "stored_source": "IND", "noted_on": clock.today()}
        one = IdentityConflict(field="surname", offered_value="Ander", offered_source="AVIM", **values)
        kept = {"decision": DifferenceDecision.KEEP, "resolution": "test", "resolved_on": clock.today()}
        other = IdentityConflict(field="surname", offered_value="Nog een", offered_source="AVIM", **values, **kept)
        report = report_error(case, NewReport("surname", unit("ind-noord"), "Anders gespeld"), by=self.director)
        return {
            "conflict": save_as(one, by=PRINCIPAL).pk,
            "decided": save_as(other, by=PRINCIPAL).pk,
            "error_report": report.request_id,
        }

    def _leaving(self, case: ReturnCase, recorder: Member) -> dict[str, Any]:
        """A prepared departure, a booking that the guards refused, and an incident that the recorder's unit recorded."""
        director = case.director
        assert director is not None
        row = prepare(case, leaving.new(), by=director)
        try:
            book(row, {}, by=director)
        except Held as held:
            kept = held.kept
        recorder = recorder if recorder.acting else director
        raised = raise_incident(case, kept, f"test:{row.pk}", clock.today(), by=recorder, without_permission=True)
        return {"departure": row.pk, "judgement": kept.pk, "incident": raised.pk}

    def _represented(self, case: ReturnCase) -> dict[str, Any]:
        """A lawyer whom the dossier names, informed by the member's own unit."""
        member = getattr(self.cast, self.username.replace("-", "_"))
        kind, matter = RepresentativeKind.objects.get(code="lawyer"), InformedMatter.objects.get(code="other")
        one = save_as(Representative(case=case, kind=kind, is_main=True, name="mr. W", source="IND"), by=PRINCIPAL)
        row = RepresentativeInformed(
            representative=one,
            case=case,
            matter=matter,
            how="phone",
            informed_on=clock.today(),
            by=member,
            unit=member.acting_unit or case.led_by,
            recorded_at=clock.now(),
        )
        return {"representative": one.pk, "informed": save_as(row, by=PRINCIPAL).pk}

    def _policy(self) -> dict[str, Any]:
        """A draft of who may do what, and a line of it."""
        draft = start_draft(by=self.cast.beheer)
        return {"version": draft.number, "line": draft.lines.all()[0].pk}

    def _detained(self, case: ReturnCase) -> dict[str, Any]:
        """A detention that the police imposed and extended, of which the court was told."""
        measure = impose(case, details(authority="avim", place_unit=None), by=self.cast.politie)
        fact = record_court(measure, NewCourtFact("notice", clock.now() - DAY), by=self.cast.politie)
        today = clock.today()
        longer = NewExtension(today, today, "foreign_papers", today + timedelta(days=300))
        extension = extend(measure, longer, by=self.cast.politie)
        return {"measure": measure.pk, "fact": fact.pk, "extension": extension.pk}

    def _to_blank(self, case: ReturnCase) -> int:
        """A redaction that waits for its second reader. Asked by nobody of the accounts, so that each may answer it."""
        asker = member_of(self.cast.privacy.acting_unit, "privacy_officer")
        values = {
            "ground": "erasure",
            "reason": "Op verzoek van de persoon",
            "asked_by": asker,
            "asked_at": clock.now(),
        }
        asked = Redaction(
            case_number=case.number, table="cases_person", key=case.person_id, columns=["surname"], **values
        )
        asked.save()
        return asked.pk

    def _referred(self) -> int:
        """Of the member's own unit, at the desk of intake; of people who refer nobody: of the municipality."""
        member: Member = getattr(self.cast, self.username.replace("-", "_"))
        return filed(member if may_do(member, "referrals.file") else self.cast.gemeente).pk

    def _referred_elsewhere(self) -> int:
        """Of a unit of another organisation, at another desk of intake."""
        reason = ReferralReason.objects.get(code="other")
        reason.desk = second_unit("dtv-ilc-2", "dtv-ilc")
        reporter = self.cast.nidos if self.username == "vwn" else self.cast.vwn
        return file_referral(replace(told(reporter), reason=reason), by=reporter, key=uuid4()).pk

    def _looked(self, case: ReturnCase) -> tuple[int, int]:
        """A look of the member at this case, of which an explanation is asked."""
        member = getattr(self.cast, self.username.replace("-", "_"))
        events.record(EventKind.READ, member, case=case, route="cases:detail")
        event = Event.objects.latest("pk")
        review = LookReview(
            event_id=event.pk, event_at=event.at, member=member, question="Waarom keek u hier?", asked_at=event.at
        )
        return event.pk, save_as(review, by=PRINCIPAL).pk

    def _shared(self, case: ReturnCase) -> dict[str, Any]:
        """What the responsible unit has arranged about who sees the case: a part, an exception, a name, a consent."""
        police = unit("avim-zuid")
        part = involve(case, police, Part.SUPERVISION).involvements.get(unit=police, part=Part.SUPERVISION)
        narrowed = SectionException(case=case, unit=police, section="presence", allowed=False, reason="test")
        until = clock.now() + DAY
        named = NamedAccess(
            member=self.cast.beheer, case=case, unit=police, section="talks", ground="x", since=clock.now(), until=until
        )
        consent = case.consents.first() or consented(case, "iom")
        return {
            "involvement": part.pk,
            "exception": save_as(narrowed, by=PRINCIPAL).pk,
            "named": save_as(named, by=PRINCIPAL).pk,
            "consent": consent.pk,
        }

    def _marked(self, case: ReturnCase) -> int:
        """A mark in the register that the member keeps: of the police a duty to report, of COA an in-house registration."""
        today, member = clock.today(), getattr(self.cast, self.username.replace("-", "_"))
        if self.username.startswith("politie"):
            duty = impose_reporting(case, Terms(place=unit("azc-veenmeer")), today - DAY, by=member)
            return mark_duty(duty, today, Mark.SEEN, by=member).pk
        if PARTS.get(self.username, ("",))[0] != Part.RECEPTION:
            return NOTHING
        return mark_in_house(Placement.objects.staying().get(case=case), today, Mark.SEEN, by=member).pk

    def _divided(self, team: str) -> int:
        """A redistribution within this team."""
        made = Redistribution(
            key=uuid4(), unit=unit(team), made_by=self.cast.manager, reason="Ziekte", made_at=clock.now()
        )
        return save_as(made, by=PRINCIPAL).pk

    def _placement(self, case: ReturnCase) -> int:
        return Placement.objects.filter(case=case).values_list("pk", flat=True).first() or NOTHING

    def _file(self) -> int:
        """A file that the intake desk sent in and that was refused as a whole."""
        chunks = [f"referentie,aanleveraar\n{clock.now()}".encode()]
        file, _new = store.receive("dossiers.csv", chunks, by=self.cast.intake, started_by_hand=True)
        return runner.run(file.pk).pk

    def _saved(self, team: str) -> int:
        """A filter that this whole team has."""
        kept = SavedFilter(unit=unit(team), name=f"Plan {self.username}", values={"phase": "planning"})
        return save_as(kept, by=PRINCIPAL).pk

    def _other_unit(self) -> Keys:
        """Colleagues of the same organisation work on it, in another team or at another site."""
        director = self.cast.regievoerder if self.username == "regievoerder2" else self.cast.regievoerder2
        case = led_case(director)
        site = "azc-veenmeer" if self.username == "casemanager2" else "azc-oosterhaar"
        involve(case, unit(site), Part.RECEPTION, "location")
        elsewhere = offered(received_case(led_by=unit("avim-zuid")), to="dtv-dia", kind="found")
        keys = self._with_work(case, director, "avim-zuid")
        return replace(
            keys,
            **self._leaving(case, director),
            handover=elsewhere.pk,
            redistribution=self._divided("dtv-zuid-1"),
            saved_filter=self._saved("dtv-zuid-1"),
            site=site,
            referral=self._referred_elsewhere(),
        )

    def _other_org(self) -> Keys:
        sender = "ind-noord" if self.username == "kmar" else "kmar-maasvliet"
        case = received_case(led_by=unit(sender))
        kind = "refused" if sender == "ind-noord" else "found"
        return replace(
            self.states.get("other_unit", Keys()),
            number=case.number,
            handover=offered(case, to="dtv-dia", kind=kind).pk,
            site="dc-maasvliet",
        )

    def _offered(self) -> Keys:
        """A handover waits at the intake desk, a request at the police. For the police the case is that of the request."""
        handover = offered(received_case())
        asked = led_case(self.cast.regievoerder)
        request = self._ask(asked, self.cast.regievoerder)
        question = self._question(asked, self.cast.regievoerder, "avim-noord", take_on=False)
        police = self.username.startswith("politie")
        number = asked.number if police else handover.case.number
        return Keys(number=number, handover=handover.pk, request=request.pk, question=question)

    def _closed(self) -> Keys:
        case, handover = self._accepted()
        keys = replace(self._with_work(case, self.director), **self._detained(case))
        close_case(case, "departed_independently", by=self.director, reason="exit")
        referral = judged(self.cast, Referral.objects.get(pk=self._referred()), Finding.NO_ACTION)
        return replace(keys, handover=handover.pk, placement=self._placement(case), referral=referral.pk)
