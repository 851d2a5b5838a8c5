"""What directors typed: next steps by phase, reasons, and how a case ended. Dutch, because they are data of the demo."""

from collections.abc import Mapping

from leidraad.pages.demo.figures import BOOKED, DOCUMENT, FORCED, PLANNING, READY, SUSPENDED, VOLUNTARY
from leidraad.pages.demo.planned import Ending

STEPS: Mapping[str, tuple[str, ...]] = {
    PLANNING: (
        "Eerste vertrekgesprek voeren",
        "Dossier bestuderen en vertrekplan opstellen",
        "Tolk regelen voor het eerste gesprek",
        "Contact opnemen met de gemachtigde",
        "Vertrekplan bespreken met de casemanager",
        "Bijzondere omstandigheden navragen",
    ),
    READY: (
        "Vervolggesprek voeren",
        "Vertrekdatum bespreken",
        "Informatie over steun bij terugkeer geven",
        "Keuze tussen IOM en DT&V bespreken",
        "Bespreken in het lokaal ketenoverleg",
        "Verwijderbaarheid opnieuw vragen vóór de boeking",
    ),
    DOCUMENT: (
        "Aanvraag laissez-passer voorbereiden",
        "Ontbrekende formulieren opvragen",
        "Rappelleren bij de vertegenwoordiging",
        "Presentatie bij de ambassade voorbereiden",
        "Documenten opvragen bij de familie",
        "Gesprek voeren over meewerken aan documenten",
        "Pasfoto's en kopieën naar DIA sturen",
    ),
    VOLUNTARY: (
        "Aanmelding bij IOM bespreken",
        "Vertrekwensen en reisdatum bespreken",
        "Afspraak met IOM bevestigen",
        "Bagage en medicatie navragen",
        "Steun bij herintegratie bespreken",
    ),
    FORCED: (
        "Strategie voor gedwongen vertrek bespreken",
        "Gezondheid navragen vóór de boeking",
        "Overleg met de politie over toezicht",
        "Overdracht aan de lidstaat voorbereiden",
        "Vertrekgesprek in bewaring voeren",
    ),
    BOOKED: (
        "Bagage en medicatie bevestigen",
        "Reisgegevens doorgeven aan de opvang",
        "Laatste gesprek vóór vertrek voeren",
        "Vervoer naar de luchthaven bevestigen",
    ),
    SUSPENDED: (
        "Uitspraak op het beroep opvragen",
        "Stand van de procedure navragen bij IND",
        "Uitslag van de medische beoordeling navragen",
        "Nagaan of de opschorting nog geldt",
    ),
}
SECOND_STEP = "Vertrekplan opstellen na het eerste gesprek"
STUDIED = "Dossier bestudeerd"
DISCUSSED = "Besproken in het vertrekgesprek"
BOOKED_REASON = "Reis geboekt"
TALKED = "Gesprek gevoerd, volgende stap vastgelegd"
CLOSED = "Zaak afgesloten"
OWN_INTAKE = "Gemeld bij DT&V, zonder overdracht van een andere organisatie"

WHERE = {"origin": "het land van herkomst", "third": "een derde land", "dublin": "de verantwoordelijke lidstaat"}
HOW_ENDED: Mapping[str, str] = {
    "iom": "Met IOM vertrokken naar {where}",
    "dtv": "Met hulp van DT&V vertrokken naar {where}",
    "ngo": "Met hulp van een maatschappelijke organisatie vertrokken naar {where}",
    "own": "Met eigen middelen vertrokken naar {where}, vertrek vastgesteld",
    "detention": "Vanuit bewaring vertrokken naar {where}",
    "prison": "Aansluitend aan de straf vertrokken naar {where}",
    "other": "Onder begeleiding vertrokken naar {where}",
    "unknown": "Niet aangetroffen bij controle, vertrek niet aangetoond",
    "permit": "Rechtmatig verblijf gekregen",
    "procedure": "Nieuwe procedure, mag die in Nederland afwachten",
    "track": "Verder behandeld in een ander traject",
    "administrative": "Administratief gesloten",
    "rest": "Dubbele registratie of overlijden",
}


def how_ended(ending: Ending) -> str:
    return HOW_ENDED[ending.kind].format(where=WHERE.get(ending.destination, ""))
