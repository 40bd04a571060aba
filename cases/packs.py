"""What is disclosed to the authorities: facts in, JSON and XML in the CyberTipline's shape out. There is no picture in it."""

from __future__ import annotations

import hashlib
import json
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Self

# The CyberTipline's own names of what may have happened.
INCIDENT_TYPES = {
    "enticement": "Online Enticement of Children for Sexual Acts",
    "depiction": "Child Pornography (possession, manufacture, and distribution)",
    "trafficking": "Child Sex Trafficking",
    "molestation": "Child Sexual Molestation",
    "obscene": "Unsolicited Obscene Material Sent to a Child",
}
_SCHEMA = "https://report.cybertip.org/ispws/xsd"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_ONLY_THE_DAY = "Only the day on which the report reached us is known; the time of day is not kept."
_NO_PICTURE = "We never had the picture; only fingerprints of it were made, on the reporter's own device."


@dataclass(frozen=True)
class Pack:
    """Everything that is disclosed. Its canonical JSON is what the digest is of, so that it can be proven later."""

    reference: str
    incident_type: str
    received_on: str
    is_urgent: bool
    is_sextortion: bool
    is_test: bool
    victim_age: str
    reporter_is: str
    platforms: Sequence[str]
    told: str
    history: Sequence[Sequence[str]]
    filer: str
    filer_contact: str
    prior_reports: Sequence[str]

    @classmethod
    def read(cls, text: str) -> Self:
        return cls(**json.loads(text))


def canonical(pack: Pack) -> str:
    """The same facts give the same bytes."""
    return json.dumps(asdict(pack), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def digest(pack: Pack) -> str:
    return hashlib.sha256(canonical(pack).encode()).hexdigest()


def as_json(pack: Pack) -> str:
    """The XML's tree by the same names, and the digest of what was agreed to."""
    tree = {"report": _plain(_report(pack)), "digest": {"algorithm": "sha256", "value": digest(pack)}}
    return json.dumps(tree, indent=1, ensure_ascii=False)


def as_xml(pack: Pack) -> bytes:
    root = _report(pack)
    root.set("xmlns:xsi", _XSI)
    root.set("xsi:noNamespaceSchemaLocation", _SCHEMA)
    ET.indent(root)
    written: bytes = ET.tostring(root, encoding="UTF-8", xml_declaration=True)
    return written


def lines(pack: Pack) -> Iterator[tuple[str, str]]:
    """The pack as pairs of a name and what it says, for paper."""
    yield "Reference", pack.reference
    yield "Incident type", INCIDENT_TYPES[pack.incident_type]
    yield "Test report", _yes_no(pack.is_test)
    yield "Report received on", f"{pack.received_on}. {_ONLY_THE_DAY}"
    yield "Child in immediate danger", _yes_no(pack.is_urgent)
    yield "Sextortion", _yes_no(pack.is_sextortion)
    yield "Age of the child", pack.victim_age
    yield "Reported by", pack.reporter_is
    yield "Platforms named", ", ".join(pack.platforms) or "none"
    yield "What is known", pack.told
    yield "History", "; ".join(" ".join(one) for one in pack.history)
    yield "Earlier reports", ", ".join(pack.prior_reports) or "none"
    yield "Pictures", _NO_PICTURE
    yield "Filed by", f"{pack.filer}, {pack.filer_contact}"


def preserved_until(released_on: date) -> date:
    """A year from the disclosure (18 U.S.C. 2258A(h))."""
    try:
        return released_on.replace(year=released_on.year + 1)
    except ValueError:
        # The 29th of February.
        return released_on.replace(year=released_on.year + 1, month=3, day=1)


def _report(pack: Pack) -> ET.Element:
    """The order of the children is the schema's; out of order, the CyberTipline refuses a report."""
    root = ET.Element("report")
    _add_summary(root, pack)
    _add_places(root, pack)
    person = ET.SubElement(ET.SubElement(root, "reporter"), "reportingPerson")
    _add(person, "firstName", pack.filer)
    _add(person, "email", pack.filer_contact)
    reported = ET.SubElement(root, "personOrUserReported")
    for number in pack.prior_reports:
        _add(reported, "priorCTReports", number)
    _add(ET.SubElement(ET.SubElement(root, "victim"), "victimPerson"), "age", pack.victim_age)
    _add(root, "additionalInfo", _additional(pack))
    return root


def _add_summary(root: ET.Element, pack: Pack) -> None:
    summary = ET.SubElement(root, "incidentSummary")
    _add(summary, "incidentType", INCIDENT_TYPES[pack.incident_type])
    if pack.is_urgent:
        _add(summary, "escalateToHighPriority", "The child said that they are in danger now.")
    if pack.is_sextortion:
        ET.SubElement(ET.SubElement(summary, "reportAnnotations"), "sextortion")
    _add(summary, "incidentDateTime", f"{pack.received_on}T00:00:00Z")
    _add(summary, "incidentDateTimeDescription", _ONLY_THE_DAY)


def _add_places(root: ET.Element, pack: Pack) -> None:
    if not pack.platforms:
        return
    details = ET.SubElement(root, "internetDetails")
    for platform in pack.platforms:
        incident = ET.SubElement(details, "webPageIncident")
        _add(incident, "additionalInfo", f"Platform named by the reporter: {platform}")


def _additional(pack: Pack) -> str:
    test = "THIS IS A TEST REPORT. " if pack.is_test else ""
    happened = "; ".join(" ".join(one) for one in pack.history)
    return f"{test}{pack.told}\n\n{pack.reporter_is} {_NO_PICTURE}\nOur reference: {pack.reference}\nHistory: {happened}"


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = _writable(text)


def _writable(text: str) -> str:
    """XML 1.0 has no place for control characters, and a parser refuses the whole report over one."""
    return "".join(letter for letter in text if letter >= " " or letter in "\n\t")


def _plain(element: ET.Element) -> Any:
    if not len(element):
        return element.text or True
    told: dict[str, Any] = {}
    for child in element:
        if child.tag in told:
            before = told[child.tag]
            told[child.tag] = (
                [*before, _plain(child)] if isinstance(before, list) else [before, _plain(child)]
            )
        else:
            told[child.tag] = _plain(child)
    return told


def _yes_no(is_so: bool) -> str:  # noqa: FBT001 - It only says the flag.
    return "yes" if is_so else "no"
