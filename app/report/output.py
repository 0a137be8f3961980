"""Writes the page as a file: HTML that holds all it needs, or PDF. Nothing in it is of the moment of printing."""

import base64
import re
import uuid
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Final

import jinja2
from PyQt6.QtCore import QBuffer, QIODevice, QMarginsF, QRectF, QSize, QUuid
from PyQt6.QtGui import QGuiApplication, QPageSize, QPainter, QPdfWriter
from PyQt6.QtSvg import QSvgGenerator

from app.language import mark
from app.report import headline, sentences
from app.report.errors import ReportError
from app.report.ink import FONT_FILES
from app.report.page import HEIGHT, WIDTH, Report, paint_page

SUFFIXES: Final = (".html", ".pdf")
EXISTS: Final = mark("'{path}' is there already; choose another name, or move it away.")
_PDF_DPI: Final = 600
_STAMPS: Final = (
    (rb"\(D:\d{14}Z?\)", "(D:%Y%m%d%H%M%SZ)"),
    (rb'(?<=Date=")\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00', "%Y-%m-%dT%H:%M:%S+00:00"),
)
"""Where Qt writes the time of printing into a PDF; what replaces it is as long, or the file would be broken."""


def check_output(path: Path) -> None:
    """Refuse a file that cannot be made, before any work is done; raises `ReportError`."""
    if path.suffix.lower() not in SUFFIXES:
        raise ReportError(f"A report is a .html or a .pdf file, and '{path.name}' is neither; end its name so.")
    if path.exists():
        raise ReportError(EXISTS.format(path=path))
    if not path.parent.is_dir():
        raise ReportError(f"There is no folder '{path.parent}'; make it, or choose another one.")


def write_report(report: Report, path: Path) -> None:
    """Write the page; a file that exists is never overwritten.

    Parameters
    ----------
    report : Report
    path : Path
        Ends in ``.html`` or ``.pdf``.

    Raises
    ------
    ReportError
        If the file is there already, or cannot be written.
    """
    content = as_pdf(report) if path.suffix.lower() == ".pdf" else as_html(report).encode()
    try:
        with path.open("xb") as file:
            file.write(content)
    except FileExistsError:
        raise ReportError(EXISTS.format(path=path)) from None
    except OSError as error:
        raise ReportError(f"'{path}' cannot be written: {error.strerror}; choose another folder.") from error


def as_html(report: Report) -> str:
    """Make one HTML file with the page as SVG and the fonts in it."""
    template = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined).from_string(
        (files("assets") / "report" / "page.html").read_text(encoding="utf-8")
    )
    faces = [
        (family, weight, base64.b64encode((files("assets") / "fonts" / name).read_bytes()).decode())
        for family, weight, name in FONT_FILES
    ]
    return template.render(
        language=report.words.language,
        title=_title(report),
        faces=faces,
        svg=jinja2.filters.do_mark_safe(as_svg(report)),
        width=WIDTH,
    )


def as_svg(report: Report) -> str:
    """Make the page as SVG, without its XML declaration."""
    _application()
    data = QBuffer()
    data.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(data)
    generator.setSize(QSize(WIDTH, HEIGHT))
    generator.setViewBox(QRectF(0, 0, WIDTH, HEIGHT))
    generator.setTitle(_title(report))
    painter = QPainter(generator)
    paint_page(painter, WIDTH, report)
    painter.end()
    svg = data.data().data().decode()
    return re.sub(r'<svg width="[^"]*" height="[^"]*"', '<svg role="img"', svg[svg.index("<svg") :], count=1)


def as_pdf(report: Report) -> bytes:
    """Make the page as PDF; its dates are those of the session."""
    _application()
    data = QBuffer()
    data.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(data)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    writer.setResolution(_PDF_DPI)
    writer.setTitle(_title(report))
    writer.setCreator("GluteWake")
    writer.setDocumentId(QUuid(str(uuid.uuid5(uuid.NAMESPACE_OID, report.facts.record.sha256))))
    painter = QPainter(writer)
    paint_page(painter, writer.width(), report)
    painter.end()
    content = data.data().data()
    began = sentences.began_at(report.facts) or datetime(2000, 1, 1, tzinfo=UTC)
    for pattern, form in _STAMPS:
        content = re.sub(pattern, began.strftime(form).encode(), content)
    return content


def _title(report: Report) -> str:
    return f"GluteWake: {headline.title(report.facts, report.words)}"


def _application() -> QGuiApplication:
    """The one application object; without a display where there is none yet."""
    running = QGuiApplication.instance()
    if isinstance(running, QGuiApplication):
        return running
    global _started
    _started = QGuiApplication(["glutewake", "-platform", "offscreen"])
    return _started


_started: QGuiApplication | None = None
