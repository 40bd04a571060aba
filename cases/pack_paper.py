"""The pack on paper, for an authority that takes a PDF."""

from __future__ import annotations

from io import BytesIO
from xml.sax.saxutils import escape

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.lib.units import mm
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer

from cases import packs
from cases.packs import Pack


def as_pdf(pack: Pack) -> bytes:
    """The same pack gives the same bytes: no time of making is written into it."""
    written = BytesIO()
    paper = SimpleDocTemplate(
        written,
        pagesize=A4,
        leftMargin=22 * mm,
        rightMargin=22 * mm,
        title=f"Report {pack.reference}",
        author=pack.filer,
        invariant=True,
    )
    styles = getSampleStyleSheet()
    story = [Paragraph(escape(f"Report {pack.reference}"), styles["Title"])]
    for name, told in packs.lines(pack):
        story.append(Paragraph(escape(name), styles["Heading4"]))
        story.append(Paragraph(_text(told), styles["BodyText"]))
    story.append(Spacer(1, 6 * mm))
    story.append(Paragraph(f"SHA-256 of this report's facts: {packs.digest(pack)}", styles["Code"]))
    paper.build(story)
    return written.getvalue()


def _text(told: str) -> str:
    return escape(told).replace("\n", "<br/>")
