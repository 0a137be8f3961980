"""Every sample of a session as Parquet: one row a sample, one column a site, nothing where nothing came."""

import contextlib
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, Final

import msgspec
import numpy as np

from app.recording.bids.session import SessionFiles
from app.recording.errors import RecordingError
from app.recording.export.choice import Session
from app.recording.export.files import new_file, new_folder
from drivers.errors import DriverError
from drivers.replay.formats.journal import open_journal

METADATA_KEY: Final = b"glutewake"


def write_parquet(sessions: Sequence[Session], folder: Path) -> list[Path]:
    """Write the samples of each session into a file of its own, ``<session_id>.parquet``.

    Parameters
    ----------
    sessions : sequence of Session
    folder : Path
        Made where it is missing; none of the files may be in it yet.

    Returns
    -------
    list of Path
        What was written.

    Raises
    ------
    RecordingError
        If a file is there already, a recording cannot be read, or the disk is full.
    """
    new_folder(folder, [f"{session.id}.parquet" for session in sessions])
    written = []
    for session in sessions:
        path = folder / f"{session.id}.parquet"
        with new_file(path) as file:
            write_samples(session, file)
        written.append(path)
    return written


def write_samples(session: Session, file: BinaryIO) -> None:
    """Write the samples of one session.

    Columns are ``time_s`` (double, seconds as in the tables: from the start of the session) and for every channel its
    site or name with the unit behind it (float, ``left_uV`` or ``left_counts``), null where samples are missing.
    Streams with clocks of their own are brought onto one grid, as in the BDF. The key ``glutewake`` of the metadata
    holds what the session was, as JSON.

    Parameters
    ----------
    session : Session
    file : binary file

    Raises
    ------
    RecordingError
        If the recording holds no samples, or cannot be read.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with contextlib.closing(open_journal(session.record.folder)) as journal:
            files = SessionFiles(journal, session.record)
            if not files.runs:
                raise RecordingError(f"'{session.record.folder}' holds no samples; leave it out.")
            channels = files.channels(files.runs[0])
            scale = np.array([1e6 if channel.is_volts else 1.0 for channel in channels])
            names = [f"{channel.name}_{'uV' if channel.is_volts else 'counts'}" for channel in channels]
            schema = pa.schema(
                [("time_s", pa.float64()), *((name, pa.float32()) for name in names)],
                metadata={METADATA_KEY: _about(session, files.sfreq)},
            )
            zero = files.rows.row_at(0.0)
            with pq.ParquetWriter(file, schema, compression="zstd") as writer:
                for at, piece in files.rows.pieces(0, files.rows.n_rows):
                    levels = (piece * scale).astype(np.float32)
                    columns = [pa.array((np.arange(at, at + len(piece)) - zero) / files.sfreq)]
                    columns += [pa.array(column, mask=np.isnan(column)) for column in levels.T]
                    writer.write_table(pa.Table.from_arrays(columns, schema=schema))
    except DriverError as error:
        raise RecordingError(error.sentence, error.detail) from error


def _about(session: Session, sfreq: float) -> bytes:
    started = session.record.started
    calibration = started.calibration
    return msgspec.json.encode(
        {
            "session_id": session.id,
            "person": session.person,
            "started_utc": session.started_utc,
            "programme": started.programme,
            "position": started.position,
            "simulated": started.simulated,
            "sfreq": sfreq,
            "muscles": {channel.site: channel.muscle for channel in started.channels},
            "rest": {} if calibration is None else calibration.rest_uv,
            "reference": {} if calibration is None else calibration.ref_uv,
            "reference_method": None if calibration is None else calibration.method,
            "app": started.app,
            "sha256": session.sha256,
        }
    )
