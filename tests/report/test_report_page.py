"""The page: one file, the same every time, in plain words, and it fits whatever the session was."""

import base64
import re
from datetime import datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PyQt6.QtCore import QBuffer, QByteArray, QIODevice
from PyQt6.QtPdf import QPdfDocument

from app.history.views import CheckPoint, ReferenceChange, TrainingDays, WakeUp
from app.main import main
from app.report.facts import gather
from app.report.ink import text_width
from app.report.language import Words
from app.report.output import as_html, as_pdf, as_svg
from app.report.page import HEIGHT, WIDTH, Report
from app.report.trend import NO_TREND, Trend
from app.session.checks import Check
from app.session.readiness import TrainingDay, readiness
from tests.rigs.told import reference, session, squeeze
from tests.system.command import glutewake, live

REPORT = Path(__file__).resolve().parents[2] / "app" / "report"


def trend(n: int) -> Trend:
    first = datetime(2026, 10, 27, 18, 0)
    checks, wake_ups = [], []
    for day in range(n):
        check = Check(
            10, {"left": min(10, 2 + day), "right": 10}, 250.0 - 10 * day, 12.0, 80.0, 8, 50.0 + day, 6.0, 80.0
        )
        checks.append(CheckPoint(str(day), first + timedelta(days=day), check, "best-clench"))
        wake_ups.append(WakeUp(str(day), first + timedelta(days=day), 30 - day))
    days = [TrainingDay(point.started.date(), point.check) for point in checks]
    last = checks[-1].started
    return Trend(
        checks,
        wake_ups,
        [ReferenceChange("3", checks[n // 2].started, "reference", "mvc", "best-clench")],
        TrainingDays((last - timedelta(days=13)).date(), last.date(), tuple(day.day for day in days[-11:])),
        readiness(days),
    )


def report(language="en", trend_of=NO_TREND, name=None, n=30, **of_session) -> Report:
    squeezes = [squeeze(number, ("right",)) for number in range(1, 9)]
    squeezes += [squeeze(number, hint="inner-heels") for number in range(9, n + 1)]
    of_session.setdefault("calibration", reference())
    return Report(gather(session(squeezes, **of_session)), Words(language), trend_of, name)


def texts(made: Report) -> list[str]:
    return ["".join(one.itertext()) for one in ElementTree.fromstring(as_svg(made)).iter() if one.tag.endswith("text")]


def test_the_html_file_needs_no_other_file():
    html = as_html(report())
    assert html.count("<svg") == 1
    assert html.count("@font-face") == 5
    assert not re.findall(r"""(?:src|href)=["']?(?!data:)|url\((?!data:)|<script""", html)


def test_the_fonts_in_the_html_file_are_what_it_calls_them():
    kinds = re.findall(r'url\(data:font/woff2;base64,([^)]+)\) format\("woff2"\)', as_html(report()))
    assert [base64.b64decode(data)[:4] for data in kinds] == 5 * [b"wOF2"]


def test_the_html_file_prints_on_one_sheet_of_a4():
    page = as_html(report())
    assert "@page { size: A4; margin: 0 }" in page
    (height_mm,) = re.findall(r"@media print \{ svg \{[^}]*height: (\d+)mm", page)
    assert int(height_mm) < 297  # 210 mm times the shape of the page is 297.05 mm: a second, empty sheet


def test_the_same_session_gives_the_same_page_byte_for_byte():
    assert as_html(report(trend_of=trend(12))) == as_html(report(trend_of=trend(12)))
    assert as_pdf(report()) == as_pdf(report())


def test_two_runs_of_the_command_write_the_same_pdf(tmp_path):
    live("sim:healthy?seed=1&speed=max&reps=2", "--record", tmp_path / "recorded")
    (folder,) = (tmp_path / "recorded").iterdir()
    for name in ("a.pdf", "b.pdf"):
        assert glutewake("report", folder, "-o", tmp_path / name).code == 0
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()


def test_a_pdf_is_one_page_of_a4_and_opens():
    data = QBuffer()
    data.setData(QByteArray(as_pdf(report(trend_of=trend(12)))))
    data.open(QIODevice.OpenModeFlag.ReadOnly)
    document = QPdfDocument(None)
    document.load(data)
    assert document.error() == QPdfDocument.Error.None_
    assert document.pageCount() == 1
    size = document.pagePointSize(0)
    assert (round(size.width()), round(size.height())) == (595, 842)
    assert "Left joined from squeeze 9 on" in document.getAllText(0).text()
    document.close()


def test_a_pdf_tells_the_time_of_the_session_not_of_printing():
    assert b"/CreationDate (D:20261120182900Z)" in as_pdf(report())


@pytest.mark.parametrize("language", ["en", "de"])
def test_all_that_must_stand_on_the_page_stands_there(language):
    page = " ".join(texts(report(language, trend(12))))
    words = Words(language)
    for text in ("P-014", "ab" * 32, "chain/4", "GluteWake 0.1.0", words("How far to trust it"), words("Next")):
        assert text in page
    assert ("not a medical device" if language == "en" else "kein Medizinprodukt") in page
    assert ("are not published" if language == "en" else "nicht veröffentlicht") in page


def test_the_name_stands_on_the_page_of_whoever_types_it_and_nowhere_else():
    assert "Anna M. (P-014)" in texts(report(name="Anna M."))
    assert "Anna" not in " ".join(texts(report()))


def test_a_long_name_takes_a_second_line_before_it_becomes_small():
    made = ElementTree.fromstring(as_svg(report(name="Anna Müller-Lüdenscheidt")))
    sizes = {"".join(one.itertext()): one.attrib["font-size"] for one in made.iter() if one.tag.endswith("text")}
    assert float(sizes["Anna Müller-Lüdenscheidt"]) >= 16
    assert float(sizes["(P-014)"]) >= 18


def test_a_name_cannot_write_html():
    assert "<b>Anna" not in as_html(report(name="<b>Anna"))


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("n", [9, 30, 60, 200])
def test_no_text_leaves_the_page(language, n):
    made = report(language, trend(20), name="Maria-Magdalena von Hohenstein-Oberunterwald", n=n)
    for element in ElementTree.fromstring(as_svg(made)).iter():
        if element.tag.endswith("text"):
            text, size = "".join(element.itertext()), float(element.attrib["font-size"])
            right = float(element.attrib["x"]) + text_width(text, size, int(element.attrib["font-weight"]))
            assert float(element.attrib["x"]) > 60, text
            assert right < WIDTH - 80, text
            assert 0 < float(element.attrib["y"]) < HEIGHT - 20


def test_the_page_needs_no_widgets():
    modules = {
        name for path in REPORT.glob("*.py") for name in re.findall(r"PyQt6\.(\w+)", path.read_text(encoding="utf-8"))
    }
    assert modules == {"QtCore", "QtGui", "QtSvg"}


def test_a_simulated_session_says_so_on_paper():
    assert "Simulated: nobody was on the electrodes" in texts(report(simulated=True))


def test_the_command_writes_a_page_once_and_never_over_another_file(tmp_path, capsys):
    recorded = tmp_path / "recorded"
    source = "sim:healthy?seed=1&speed=max&reps=4"
    assert main(["live", "--source", source, "--record", str(recorded), "--json"]) == 0
    (folder,) = recorded.iterdir()
    page = tmp_path / "page.html"
    assert main(["report", str(folder), "-o", str(page), "--language", "de", "--name", "Anna"]) == 0
    written = page.read_bytes()
    assert main(["report", str(folder), "-o", str(page)]) == 1
    assert "is there already" in capsys.readouterr().err
    assert page.read_bytes() == written
    assert all(b"Anna" not in file.read_bytes() for file in folder.rglob("*") if file.is_file())


def test_a_foreign_file_is_analyzed_first(tmp_path):
    csv = tmp_path / "foreign.csv"
    lines = [f"{(-1) ** i * (200 if 3000 < i % 6000 < 4500 else 5)},{(-1) ** (i // 2) * 4}" for i in range(14000)]
    csv.write_text("# rate_hz=1000\n# columns: left, right (uV)\n" + "\n".join(lines) + "\n", encoding="utf-8")
    page = tmp_path / "page.pdf"
    assert main(["report", str(csv), "-o", str(page)]) == 0
    first = page.read_bytes()
    page.unlink()
    assert main(["report", str(csv), "-o", str(page)]) == 0
    assert page.read_bytes() == first


@pytest.mark.parametrize("output", ["page.txt", "page"])
def test_another_kind_of_file_is_refused_in_one_sentence(tmp_path, capsys, output):
    assert main(["report", str(tmp_path), "-o", str(tmp_path / output)]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_a_recording_that_is_not_there_is_refused_in_one_sentence(tmp_path, capsys):
    assert main(["report", str(tmp_path / "nothing"), "-o", str(tmp_path / "page.pdf")]) == 1
    assert capsys.readouterr().err.startswith("glutewake: ")
    assert not (tmp_path / "page.pdf").exists()


def test_a_page_into_a_folder_that_is_not_there_is_refused_in_one_sentence(tmp_path, capsys):
    recorded = tmp_path / "recorded"
    source = "sim:healthy?seed=1&speed=max&reps=2"
    assert main(["live", "--source", source, "--record", str(recorded), "--json"]) == 0
    (folder,) = recorded.iterdir()
    assert main(["report", str(folder), "-o", str(tmp_path / "none" / "page.pdf")]) == 1
    assert "There is no folder" in capsys.readouterr().err
