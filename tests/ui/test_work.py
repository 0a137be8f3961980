"""Work in the background: the newest wins, and a failure is one sentence."""

import threading

import pytest
from PyQt6 import sip
from PyQt6.QtCore import QCoreApplication, QEvent, QObject

from app.recording.errors import RecordingError
from app.ui.work import FAULT, Task, Told, Work


class Listened(Work):
    """Remembers what it told."""

    def __init__(self) -> None:
        super().__init__("test")
        self.heard: list[Told] = []


@pytest.fixture
def work(qapp):
    made = Listened()
    made.told.connect(made.heard.append)
    yield made
    made.stop()


def test_a_result_comes_back(qtbot, work):
    work.begin(lambda task: 42)
    qtbot.waitUntil(lambda: bool(work.heard), timeout=20_000)
    assert work.heard[0].result == 42
    assert not work.busy


def test_only_the_newest_job_is_heard(qtbot, work):
    go = threading.Event()
    seen = []

    def slow(task):
        go.wait(20)
        seen.append(task.stopped())
        return "old"

    work.begin(slow)
    work.begin(lambda task: "new")
    go.set()
    qtbot.waitUntil(lambda: bool(work.heard) and bool(seen), timeout=20_000)
    assert [told.result for told in work.heard] == ["new"]
    assert seen == [True]


def test_a_known_error_is_told_in_its_own_sentence(qtbot, work):
    def fail(task):
        raise RecordingError("The disk is gone; plug it in.", "")

    work.begin(fail)
    qtbot.waitUntil(lambda: bool(work.heard), timeout=20_000)
    assert work.heard[0].sentence == "The disk is gone; plug it in."


def test_an_unknown_error_is_told_calmly(qtbot, work):
    work.begin(lambda task: 1 / 0)
    qtbot.waitUntil(lambda: bool(work.heard), timeout=20_000)
    assert work.heard[0].sentence == FAULT


def test_parts_are_told_before_the_whole(qtbot, work):
    def job(task):
        task.partly("half", 0.5)
        return "whole"

    work.begin(job)
    qtbot.waitUntil(lambda: len(work.heard) == 2, timeout=20_000)
    assert [(told.result, told.share) for told in work.heard] == [("half", 0.5), ("whole", 1.0)]


def test_a_job_that_outlives_its_page_harms_nothing(qtbot, application):
    page, going, over = QObject(), threading.Event(), threading.Event()
    work = Work("test", page)
    heard: list[object] = []
    work.told.connect(heard.append)

    def job(task: Task) -> str:
        going.wait(5)
        task.partly("half", 0.5)
        over.set()
        return "whole"

    work.begin(job)
    page.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert sip.isdeleted(work)
    going.set()
    assert over.wait(5)
    application.processEvents()

    assert heard == []
