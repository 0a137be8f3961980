"""What is going is said aloud, once."""

from types import SimpleNamespace

from app.session_view import SessionView
from app.ui.sound import Sound
from app.ui.sound.guarding import Guarding


class Notebook(Sound):
    def __init__(self):
        super().__init__()
        self.told: list[object] = []

    def say(self, what, value=None):
        self.told.append((what, value))


def unit(charge_pct, *sites):
    return SimpleNamespace(vitals=SimpleNamespace(battery_pct=charge_pct), sites=sites)


def told(*looks):
    sound = Notebook()
    guarding = Guarding(sound)
    for look in looks:
        guarding.look(*look)
    return sound.told


class Session(SessionView):
    """A session whose left battery is low, as the window sees it."""

    def __init__(self, sound):
        self.sound, self._question = sound, None
        self.begin()

    def begin(self):
        self._live = SimpleNamespace()  # type: ignore[assignment]

    def units(self):
        return (unit(19.0, "left"), unit(80.0, "right"))


def test_a_battery_that_runs_low_is_told_once():
    low = ((unit(19.0, "left"), unit(80.0, "right")), None)
    assert told(low, low) == [("battery-low", "left")]


def test_another_window_tells_nothing_twice_and_another_session_does():
    sound = Notebook()
    session = Session(sound)
    session.guard()
    session.guard()
    assert sound.told == [("battery-low", "left")]
    session.begin()
    session.guard()
    assert sound.told == [("battery-low", "left")] * 2


def test_a_battery_that_is_full_or_unknown_is_no_news():
    assert told(((unit(20.0, "left"), unit(None, "right")), None)) == []


def test_a_wired_sensor_has_everything_unplugged_aloud_once_a_question():
    assert told(((), "mains"), ((), "mains"), ((), None), ((), "mains")) == [("unplug", None)] * 2
