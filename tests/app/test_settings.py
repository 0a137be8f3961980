"""What is remembered survives, and a file that cannot be understood costs nothing."""

import os
import threading
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.preferences import Goal, Preferences
from app.session.care import CARE_QUESTIONS, CareCheck
from app.settings import VARIABLE, Sensor, Settings, default_path
from drivers.uri import SITES, parse_uri

LEFT = Sensor("umyo:AA", {"left": 1}, key="AA", name="Blue one")
BOTH = Sensor("bitalino:/dev/rfcomm0?rate=1000", {"left": 2, "right": 1, "hamstring-left": 3})


def keep(settings: Settings, sensors: list[Sensor]) -> None:
    settings.remember(sensors)
    settings.save()


def test_what_is_remembered_is_there_at_the_next_start(tmp_path: Path):
    path = tmp_path / "new" / "settings.toml"
    keep(Settings(path), [LEFT, BOTH])
    again = Settings(path)

    assert again.sensors == (LEFT, BOTH)
    assert again.trouble == ""
    assert [entry.name for entry in path.parent.iterdir()] == ["settings.toml"]


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(texts, texts)
def test_any_name_survives(tmp_path_factory: pytest.TempPathFactory, name: str, key: str):
    path = tmp_path_factory.mktemp("settings") / "settings.toml"
    sensor = Sensor("umyo:AA", dict.fromkeys(SITES, 1), key, name)
    keep(Settings(path), [sensor])

    assert Settings(path).sensors == (sensor,)


def test_without_a_file_it_starts_with_nothing_and_without_a_word(tmp_path: Path):
    settings = Settings(tmp_path / "settings.toml")

    assert settings.sensors == ()
    assert settings.trouble == ""
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"v = ", b"sensors = 3", b"v = 1\nsensors = [{uri = 3}, 'x']"])
def test_nonsense_is_left_out_with_one_sentence_and_kept_in_a_copy(tmp_path: Path, content: bytes):
    path = tmp_path / "settings.toml"
    path.write_bytes(content)
    settings = Settings(path)

    assert settings.sensors == ()
    assert str(path) in settings.trouble
    keep(settings, [LEFT])
    assert Settings(path).sensors == (LEFT,)
    assert (tmp_path / "settings.toml.kept-1").read_bytes() == content


def a_folder(path: Path) -> None:
    path.mkdir()
    (path / "mine.txt").write_text("mine")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes among its files")
@pytest.mark.parametrize("put", [a_folder, lambda path: os.mkfifo(path), lambda path: path.symlink_to(path)])
def test_what_is_no_file_is_set_aside_and_never_waited_for(tmp_path: Path, put: Callable[[Path], None]):
    path = tmp_path / "settings.toml"
    put(path)
    settings = Settings(path)

    assert str(path) in settings.trouble
    keep(settings, [LEFT])
    assert Settings(path).sensors == (LEFT,)
    assert os.path.lexists(tmp_path / "settings.toml.kept-1")


@pytest.mark.parametrize(
    "changed",
    [
        lambda content: b"\xef\xbb\xbf" + content,
        lambda content: content.replace(b"\n", b"\r\n"),
        lambda content: b"\xef\xbb\xbf" + content.replace(b"\n", b"\r\n"),
    ],
)
def test_what_editors_do_to_a_file_costs_nothing(tmp_path: Path, changed: Callable[[bytes], bytes]):
    path = tmp_path / "settings.toml"
    keep(Settings(path), [LEFT, BOTH])
    path.write_bytes(changed(path.read_bytes()))
    settings = Settings(path)

    assert (settings.sensors, settings.trouble) == ((LEFT, BOTH), "")


@pytest.mark.parametrize("content", [b"# x\n" * 3_000_000, b"x = " + b"[" * 20_000, b"v = 2\nv = 2\n"])
def test_files_without_end_or_said_twice_are_set_aside(tmp_path: Path, content: bytes):
    path = tmp_path / "settings.toml"
    path.write_bytes(content)
    settings = Settings(path)

    assert "cannot be read" in settings.trouble
    keep(settings, [LEFT])
    assert (tmp_path / "settings.toml.kept-1").read_bytes() == content


def test_a_file_that_is_linked_to_stays_where_it_is(tmp_path: Path):
    mine = tmp_path / "dotfiles.toml"
    keep(Settings(mine), [LEFT])
    path = tmp_path / "settings.toml"
    path.symlink_to(mine)
    keep(Settings(path), [BOTH])

    assert path.is_symlink()
    assert Settings(mine).sensors == (BOTH,)


def test_nothing_is_set_aside_where_nothing_can_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "settings.toml"
    path.write_text("v = ")
    settings = Settings(path)

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    keep(settings, [LEFT])
    assert path.read_text() == "v = "
    assert [entry.name for entry in tmp_path.iterdir()] == ["settings.toml"]


def test_settings_of_a_newer_version_are_used_as_far_as_they_are_understood_and_kept(tmp_path: Path):
    path = tmp_path / "settings.toml"
    keep(Settings(path), [LEFT])
    newer = path.read_text().replace("v = 2", "v = 9\ntheme = 'light'") + "colour = 'red'\n"
    path.write_text(newer)
    settings = Settings(path)

    assert settings.sensors == (LEFT,)
    assert settings.trouble
    keep(settings, [])
    assert (tmp_path / "settings.toml.kept-1").read_text() == newer


def test_one_wrong_sensor_does_not_cost_the_other(tmp_path: Path):
    path = tmp_path / "settings.toml"
    keep(Settings(path), [LEFT])
    path.write_text(path.read_text() + "\n[[sensors]]\nuri = 'umyo:BB'\nsites = {left = 'one'}\n")
    settings = Settings(path)

    assert settings.sensors == (LEFT,)
    assert settings.trouble


def test_a_folder_that_cannot_be_written_is_said_and_the_run_goes_on(tmp_path: Path):
    occupied = tmp_path / "occupied"
    occupied.write_text("a file")
    settings = Settings(occupied / "settings.toml")
    keep(settings, [LEFT])

    assert settings.sensors == (LEFT,)
    assert "cannot be kept" in settings.trouble


def test_a_write_that_fails_leaves_the_old_file_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "settings.toml"
    settings = Settings(path)
    keep(settings, [LEFT])

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    keep(settings, [BOTH])
    assert "No space left" in settings.trouble
    assert Settings(path).sensors == (LEFT,)
    assert len(list(tmp_path.iterdir())) == 1


def test_the_source_of_a_sensor_carries_its_map():
    uri = parse_uri(BOTH.source, ["bitalino"])

    assert uri.options["rate"] == "1000"
    assert uri.channel_map == BOTH.sites


def test_the_environment_may_name_another_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv(VARIABLE, str(tmp_path / "mine.toml"))

    assert default_path() == tmp_path / "mine.toml"


def test_what_did_not_change_is_not_written_again(tmp_path: Path):
    path = tmp_path / "settings.toml"
    keep(Settings(path), [LEFT])
    path.write_text(f"# mine\n{path.read_text()}")
    keep(Settings(path), [LEFT])

    assert path.read_text().startswith("# mine")


def test_what_a_person_answered_is_kept_under_their_code(tmp_path: Path):
    path = tmp_path / "settings.toml"
    mine = CareCheck(dict.fromkeys(CARE_QUESTIONS, False))
    theirs = CareCheck({"skin": True, "nerves": False}, person="P-014", cleared="2026-11-20")
    settings = Settings(path)
    settings.remember([LEFT])
    settings.keep_care(mine)
    settings.keep_care(CareCheck({"skin": False}, person="P-014"))
    settings.keep_care(theirs)
    settings.save()
    again = Settings(path)

    assert (again.sensors, again.trouble) == ((LEFT,), "")
    assert again.care_of("") == mine
    assert again.care_of("P-014") == theirs
    assert again.care_of("P-015") == CareCheck(person="P-015")


def test_answers_that_cannot_be_understood_are_asked_again(tmp_path: Path):
    path = tmp_path / "settings.toml"
    path.write_text('v = 1\n\n[[care]]\nperson = ""\nanswers = {"skin" = "perhaps"}\n')
    settings = Settings(path)

    assert not settings.care_of("").passed
    assert str(path) in settings.trouble


LIKED = Preferences(language="de", theme="contrast", text_pct=130, volume=40, voice=False, distance_m=1.2, person="P-7")


def like(settings: Settings, preferences: Preferences) -> None:
    settings.prefer(**msgspec.structs.asdict(preferences))
    settings.save()


def test_preferences_and_goals_are_there_at_the_next_start(tmp_path: Path):
    path = tmp_path / "settings.toml"
    settings = Settings(path)
    settings.keep_goal(Goal("P-7", target_pct=35, locked=True))
    like(settings, LIKED)
    again = Settings(path)

    assert (again.preferences, again.trouble) == (LIKED, "")
    assert again.goal_of("P-7") == Goal("P-7", 35, True)
    assert again.goal_of("P-8") == Goal("P-8")


def test_a_preference_at_its_standard_stands_in_no_file(tmp_path: Path):
    path = tmp_path / "settings.toml"
    settings = Settings(path)
    like(settings, LIKED)
    like(settings, Preferences())

    assert "preferences" not in path.read_text()


@pytest.mark.parametrize(
    "changes", [{"theme": "pink"}, {"volume": 101}, {"distance_m": 9.0}, {"text_pct": 110}, {"delay_ms": "much"}]
)
def test_a_preference_that_the_schema_does_not_know_is_refused(changes: dict[str, object]):
    settings = Settings()
    with pytest.raises(msgspec.ValidationError):
        settings.prefer(**changes)

    assert settings.preferences == Preferences()


def test_one_preference_of_nonsense_does_not_cost_the_others(tmp_path: Path):
    path = tmp_path / "settings.toml"
    content = 'v = 2\n\n[preferences]\ntheme = "pink"\nvolume = 40\nvoice = "loud"\nlanguage = "de"\n'
    path.write_text(content)
    settings = Settings(path)

    assert settings.preferences == Preferences(volume=40, language="de")
    assert str(path) in settings.trouble
    like(settings, LIKED)
    assert (tmp_path / "settings.toml.kept-1").read_text() == content


def test_settings_of_an_older_version_are_taken_over_whole(tmp_path: Path):
    path = tmp_path / "settings.toml"
    path.write_text('v = 1\n\n[[sensors]]\nuri = "umyo:AA"\nsites = {"left" = 1}\nkey = "AA"\nname = "Blue one"\n')
    settings = Settings(path)

    assert settings.sensors == (LEFT,)
    assert settings.preferences == Preferences()
    assert "another version" in settings.trouble


def test_who_is_forgotten_leaves_nothing_in_the_settings(tmp_path: Path):
    path = tmp_path / "settings.toml"
    settings = Settings(path)
    settings.keep_care(CareCheck({"skin": True}, person="P-7"))
    settings.keep_goal(Goal("P-7", target_pct=35))
    like(settings, LIKED)
    settings.forget_person("P-7")
    settings.save()

    assert "P-7" not in path.read_text()


@given(st.dictionaries(st.sampled_from(["theme", "volume", "voice", "delay_ms", "x"]), st.integers() | texts))
def test_any_table_of_preferences_is_read(tmp_path_factory: pytest.TempPathFactory, table: dict[str, object]):
    settings = Settings(tmp_path_factory.mktemp("settings") / "settings.toml")
    for name, value in table.items():
        try:
            settings.prefer(**{name: value})
        except msgspec.ValidationError:
            continue
    settings.save()

    assert Settings(settings.path).preferences == settings.preferences


def test_the_newest_settings_stay_when_two_threads_save_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    settings = Settings(tmp_path / "settings.toml")
    writes, go_on, replace = threading.Event(), threading.Event(), os.replace

    def slow_once(source: str, target: Path) -> None:
        if not writes.is_set():
            writes.set()
            assert go_on.wait(10.0)
        replace(source, target)

    monkeypatch.setattr(os, "replace", slow_once)
    settings.prefer(volume=30)
    first = threading.Thread(target=settings.save)
    first.start()
    assert writes.wait(10.0)
    settings.prefer(volume=40)  # does not wait for the disk
    second = threading.Thread(target=settings.save)
    second.start()
    second.join(0.1)
    go_on.set()
    first.join(10.0)
    second.join(10.0)

    assert Settings(tmp_path / "settings.toml").preferences.volume == 40
