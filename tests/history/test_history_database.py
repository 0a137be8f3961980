"""The file of the history: old, new, damaged, locked, on a full disk; never lost, and never a traceback."""

import multiprocessing
import os
import sqlite3
import stat
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from app.history.database import VERSIONS, set_aside
from app.history.errors import HistoryDamagedError, HistoryError, NewerHistoryError
from app.history.models import Base
from app.history.store import NAME, open_history
from tests.rigs.lived import everything, lived, squeezes

SECOND = """
import sqlalchemy as sa
from alembic import op

revision = "v6"
down_revision = "v5"


def upgrade():
    with op.batch_alter_table("session") as table:
        table.add_column(sa.Column("weather", sa.Text(), server_default="fair", nullable=False))
        table.drop_column("label")
    with op.batch_alter_table("person") as table:
        table.alter_column("code", type_=sa.String(64))
"""


@pytest.fixture
def later_versions(tmp_path_factory) -> Path:
    """Migrations of a GluteWake to come."""
    versions: Path = tmp_path_factory.mktemp("versions")
    for path in VERSIONS.glob("*.py"):
        (versions / path.name).write_text(path.read_text("utf-8"), "utf-8")
    (versions / "v6_test.py").write_text(SECOND, "utf-8")
    return versions


def test_the_migrations_make_the_tables_of_the_models(history, tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path / NAME}")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    engine.dispose()


def test_the_tables_would_stand_on_postgresql_too():
    for table in Base.metadata.sorted_tables:
        assert f"CREATE TABLE {table.name}" in str(CreateTable(table).compile(dialect=postgresql.dialect()))


def test_a_history_of_the_first_version_comes_along(tmp_path, tmp_path_factory, empty_history):
    first = tmp_path_factory.mktemp("first")
    (only,) = VERSIONS.glob("v1_*.py")
    (first / only.name).write_text(only.read_text("utf-8"), "utf-8")
    open_history(tmp_path / NAME, versions=first).close()
    (tmp_path / "now").mkdir()
    with open_history(empty_history(tmp_path / "now")) as now, sqlite3.connect(tmp_path / NAME) as raw:
        now.add_session(everything(now.root))
        expected = now.rows_of("P-017")
        for table in Base.metadata.sorted_tables:
            names = [name for (_, name, *_) in raw.execute(f"PRAGMA table_info({table.name})")]
            with sqlite3.connect(now.path) as source:
                rows = source.execute(f"SELECT {', '.join(names)} FROM {table.name}").fetchall()
            source.close()
            raw.executemany(f"INSERT INTO {table.name} VALUES ({', '.join('?' * len(names))})", rows)
    raw.close()
    for rep in expected["rep"]:
        rep["lag_clock_ms"] = None
    with open_history(tmp_path / NAME) as history:
        assert history.rows_of("P-017") == expected


def test_a_new_version_keeps_every_row_and_a_copy_from_before(history, tmp_path, later_versions):
    history.add_session(everything(tmp_path))
    before = history.rows_of("P-017")
    history.close()
    open_history(tmp_path / NAME, versions=later_versions).close()
    with sqlite3.connect(tmp_path / NAME) as raw:
        counts = {table: raw.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in Base.metadata.tables}
        assert raw.execute("SELECT weather FROM session").fetchall() == [("fair",)]
    raw.close()
    assert counts == {table: len(rows) for table, rows in before.items()}
    copy = tmp_path / f"{NAME}.before-v6"
    with open_history(copy) as old:
        assert old.rows_of("P-017") == before


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_the_file_and_its_copies_can_be_read_by_their_owner_alone(history, tmp_path, later_versions):
    history.add_person("P-017")
    history.close()
    open_history(tmp_path / "new" / NAME).close()
    open_history(tmp_path / NAME, versions=later_versions).close()
    for path in (tmp_path / "new" / NAME, tmp_path / f"{NAME}.before-v6"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_migration_that_fails_changes_nothing(history, tmp_path, later_versions):
    history.add_session(everything(tmp_path))
    before = history.rows_of("P-017")
    history.close()
    (later_versions / "v6_test.py").write_text(f"{SECOND}    op.execute('SELECT * FROM nowhere')\n", "utf-8")
    with pytest.raises(HistoryError):
        open_history(tmp_path / NAME, versions=later_versions)
    with open_history(tmp_path / NAME) as again:
        assert again.rows_of("P-017") == before


def test_a_file_of_a_newer_version_is_refused_and_not_a_byte_is_changed(history, tmp_path, later_versions):
    history.add_person("P-017")
    history.close()
    open_history(tmp_path / NAME, versions=later_versions).close()
    before = (tmp_path / NAME).read_bytes()
    with pytest.raises(NewerHistoryError) as refused:
        open_history(tmp_path / NAME)
    assert "newer" in refused.value.sentence
    assert (tmp_path / NAME).read_bytes() == before
    assert [path.name for path in tmp_path.glob(f"{NAME}.*")] == [f"{NAME}.before-v6"]


def test_a_lost_write_ahead_log_or_a_crash_leaves_what_was_committed(history, tmp_path):
    history.add_session(lived(tmp_path))
    for ending in ("", "-wal"):  # the files as a crash would leave them
        content = (tmp_path / f"{NAME}{ending}").read_bytes()
        (tmp_path / f"crashed.db{ending}").write_bytes(content)
    with open_history(tmp_path / "crashed.db") as crashed:
        assert crashed.rows_of("P-017") == history.rows_of("P-017")


@pytest.mark.parametrize("damage", ["garbage", "cut", "zeros", "rot"])
def test_a_damaged_file_is_refused_with_the_way_out_and_left_as_it_is(history, tmp_path, damage):
    history.add_session(everything(tmp_path))
    history.close()
    path = tmp_path / NAME
    content = bytearray(path.read_bytes())
    if damage == "garbage":
        content = bytearray(b"not a database at all " * 400)
    elif damage == "cut":
        del content[len(content) // 2 :]
    elif damage == "zeros":
        content[4096:] = bytes(len(content) - 4096)
    else:
        content[100:160] = b"\xff" * 60
    path.write_bytes(content)
    with pytest.raises(HistoryDamagedError) as refused:
        open_history(path)
    assert "rebuild" in refused.value.sentence
    assert path.read_bytes() == content


def test_a_damaged_file_is_set_aside_and_none_is_ever_written_over(tmp_path):
    for content in (b"one", b"two"):
        (tmp_path / NAME).write_bytes(content)
        (tmp_path / f"{NAME}-wal").write_bytes(content)
        assert set_aside(tmp_path / NAME) is not None
    assert set_aside(tmp_path / NAME) is None
    assert (tmp_path / f"{NAME}.damaged-1").read_bytes() == b"one"
    assert (tmp_path / f"{NAME}.damaged-2").read_bytes() == b"two"
    assert (tmp_path / f"{NAME}.damaged-2-wal").read_bytes() == b"two"


def _hold(path, held, let_go):
    raw = sqlite3.connect(path, isolation_level=None)
    raw.execute("BEGIN IMMEDIATE")
    held.set()
    let_go.wait(30)
    raw.close()


def test_while_another_process_writes_reading_goes_on_and_writing_says_why_not(history, tmp_path):
    history.add_person("P-017")
    history.close()
    context = multiprocessing.get_context("spawn")
    held, let_go = context.Event(), context.Event()
    other = context.Process(target=_hold, args=(tmp_path / NAME, held, let_go))
    other.start()
    try:
        assert held.wait(30)
        with open_history(tmp_path / NAME, busy_s=0.01) as mine:
            assert [person.code for person in mine.people()] == ["P-017"]
            with pytest.raises(HistoryError, match="Another GluteWake"):
                mine.add_person("P-2")
            let_go.set()
            other.join(30)
            mine.add_person("P-2")
            assert len(mine.people()) == 2
    finally:
        let_go.set()
        other.join(30)


def test_whoever_is_deleted_while_another_reads_is_deleted_and_told_what_is_left_to_do(history, tmp_path):
    history.close()
    with open_history(tmp_path / NAME, busy_s=0.01) as mine:
        mine.add_person("P-017")
        reader = sqlite3.connect(tmp_path / NAME, isolation_level=None)
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM person").fetchall()
        with pytest.raises(HistoryError, match="is deleted; close the other"):
            mine.forget_person("P-017")
        reader.close()
        assert not mine.people()


def test_a_full_disk_is_said_so_and_what_was_there_stays(history, tmp_path):
    history.add_person("P-017")
    with history._engine.connect() as connection:  # the pool gives the same one again
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(HistoryError, match="is full"):
        history.add_session(lived(tmp_path, events=squeezes(300)))
    assert [person.n_sessions for person in history.people()] == [0]


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_is_said_so(tmp_path):
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(HistoryError, match="permissions"):
            open_history(tmp_path / NAME)
    finally:
        tmp_path.chmod(0o700)


def test_a_folder_in_place_of_the_file_is_an_error_with_a_sentence(tmp_path):
    (tmp_path / NAME).mkdir()
    with pytest.raises(HistoryError) as refused:
        open_history(tmp_path / NAME)
    assert refused.value.sentence
    (tmp_path / "file").write_text("x")
    with pytest.raises(HistoryError):
        open_history(tmp_path / "file" / NAME)


def test_a_folder_with_marks_of_an_address_in_its_name_is_just_a_folder(tmp_path):
    folder = tmp_path / "50% of ?all #1 & more"
    with open_history(folder / NAME) as history:
        history.add_person("P-017")
    with open_history(folder / NAME) as history:
        assert len(history.people()) == 1
    assert {path.name for path in folder.iterdir()} == {NAME}
