"""The system's voice: the first engine that works, never Qt's stand-in, and never in anybody's way."""

import sys
import threading
import types

import pytest
from PyQt6.QtCore import QLocale, QObject, pyqtSignal

from app.ui.sound.voice import QtVoice


class State:
    """An enumeration as PyQt has it."""

    def __init__(self, name):
        self.name = name


class FakeEngine(QObject):
    stateChanged = pyqtSignal(object)  # noqa: N815 - Qt's name
    engines: tuple[str, ...] = ("mock", "broken", "good")
    State = types.SimpleNamespace(Error=State("Error"), Ready=State("Ready"))
    made: "list[FakeEngine]" = []  # noqa: RUF012 - of the class, emptied by the fixture

    def __init__(self, name):
        super().__init__()
        self.name, self.said = name, []
        FakeEngine.made.append(self)

    @staticmethod
    def availableEngines():  # noqa: N802 - Qt's name
        return list(FakeEngine.engines)

    def state(self):
        return self.State.Error if self.name == "broken" else self.State.Ready

    def engine(self):
        return self.name

    def availableLocales(self):  # noqa: N802 - Qt's name
        return [QLocale("de_DE"), QLocale("fr_FR")]

    def setLocale(self, locale):  # noqa: N802 - Qt's name
        self.said.append(locale.name()[:2])

    def setVolume(self, volume):  # noqa: N802 - Qt's name
        self.said.append(volume)

    def say(self, text):
        self.said.append(text)
        self.stateChanged.emit(State("Speaking"))

    def stop(self):
        self.said.append("stop")
        self.stateChanged.emit(State("Ready"))


@pytest.fixture
def engines(monkeypatch, qapp):
    FakeEngine.made = []
    monkeypatch.setattr(FakeEngine, "engines", ("mock", "broken", "good"))
    monkeypatch.setitem(sys.modules, "PyQt6.QtTextToSpeech", types.SimpleNamespace(QTextToSpeech=FakeEngine))
    return FakeEngine.made


def test_the_first_engine_that_works_speaks_and_never_the_stand_in(engines):
    voice = QtVoice()
    assert [engine.name for engine in engines] == ["broken", "good"]
    assert voice.speaks("de")
    assert not voice.speaks("en")


def test_with_the_stand_in_alone_there_is_no_voice(engines, monkeypatch):
    monkeypatch.setattr(FakeEngine, "engines", ("mock",))
    assert not QtVoice().speaks("de")
    assert engines == []


def test_without_the_library_there_is_no_voice(monkeypatch, qapp):
    monkeypatch.setitem(sys.modules, "PyQt6.QtTextToSpeech", None)
    voice = QtVoice()
    assert not voice.speaks("en")
    assert not voice.is_speaking


def test_another_thread_speaks_without_waiting_and_breaks_off(engines, qtbot):
    voice = QtVoice()

    def speak():
        voice.say("Pause.", "de", 0.5)
        voice.stop()

    thread = threading.Thread(target=speak)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: "stop" in engines[-1].said)
    assert engines[-1].said == ["de", 0.5, "Pause.", "stop"]
    assert not voice.is_speaking


def test_a_voice_that_fails_leaves_its_place_to_the_recordings(engines):
    voice = QtVoice()
    engines[-1].stateChanged.emit(State("Error"))
    assert not voice.speaks("de")


def test_an_engine_that_never_tells_its_end_is_not_waited_for(engines, monkeypatch):
    now_ns = 0
    voice = QtVoice(lambda: now_ns)
    monkeypatch.setattr(FakeEngine, "say", lambda engine, text: None)
    voice.say("Pause.", "de", 1.0)
    assert voice.is_speaking
    now_ns = 40 * 10**9
    assert not voice.is_speaking
