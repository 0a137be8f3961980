"""The command begins and ends without a traceback, whenever it is stopped."""

import gc

import pytest

from app.__main__ import start


@pytest.mark.parametrize("broken_off", ["app.main.main", "app.main.make_parser"])
def test_who_stops_it_outside_of_any_work_sees_no_traceback(broken_off, monkeypatch, capsys):
    def stop(*arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(broken_off, stop)
    assert start() == 1
    assert capsys.readouterr().err == "glutewake: Stopped.\n"


def test_what_was_loaded_is_never_searched_again_while_a_session_runs(monkeypatch):
    seen = []

    def look() -> int:
        seen.append((gc.isenabled(), gc.get_freeze_count() > 0))
        return 0

    monkeypatch.setattr("app.main.main", look)
    assert start() == 0
    assert seen == [(True, True)]
