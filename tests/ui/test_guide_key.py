"""F1 opens the guide that ships, at the page of what is shown; where nothing can open it, it says where it lies."""

import pytest
from PyQt6.QtCore import Qt, QUrl
from PyQt6.QtGui import QDesktopServices
from PyQt6.QtTest import QTest

from app import language
from app.ui import guide


@pytest.fixture
def opened(monkeypatch):
    urls: list[QUrl] = []

    def take(url: QUrl) -> bool:
        urls.append(url)
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", take)
    return urls


def press_f1(window):
    window.activateWindow()
    QTest.keyClick(window, Qt.Key.Key_F1)  # type: ignore[call-overload]


@pytest.mark.parametrize(("number", "page"), [*enumerate(guide.PAGES)])
def test_every_page_of_the_window_has_its_page_in_the_guide(make_window, opened, number, page):
    window = make_window()
    window.show_page(number)
    press_f1(window)
    (url,) = opened
    assert url.isLocalFile()
    assert url.toLocalFile().endswith(f"/{page}.html")
    assert guide.page_of(number).is_file()


@pytest.mark.parametrize(("number", "page"), [*enumerate(guide.PAGES)])
def test_a_german_reader_gets_the_german_page(number, page):
    language.use("de")
    try:
        assert guide.page_of(number).as_posix().endswith(f"guide/de/{page}.html")
    finally:
        language.use("en")


def test_where_a_language_has_no_page_the_english_one_opens(monkeypatch, tmp_path):
    (tmp_path / "guide" / "de").mkdir(parents=True)
    monkeypatch.setattr(guide, "files", lambda package: tmp_path)
    language.use("de")
    try:
        assert guide.page_of(0) == tmp_path / "guide" / "first-session.html"
    finally:
        language.use("en")


def test_where_no_browser_opens_it_says_where_the_guide_is(make_window, monkeypatch):
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: False)
    window = make_window()
    press_f1(window)
    assert str(guide.page_of(0)) in window.notice.sentence


def test_a_guide_that_is_missing_is_said(make_window, opened, monkeypatch, tmp_path):
    monkeypatch.setattr(guide, "files", lambda package: tmp_path)
    window = make_window()
    press_f1(window)
    assert opened == []
    assert "guide is missing" in window.notice.sentence


def test_setup_has_a_button_for_it(make_window, opened):
    window = make_window()
    window.show_page(5)
    window.setup.page.guide.click()
    assert opened[0].toLocalFile().endswith("/setup.html")
