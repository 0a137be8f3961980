"""The tables and sidecars around a BDF, as EMG-BIDS 1.11 asks for them. Pure: content in, bytes out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from app.recording.bids.events import COLUMNS, Cell
from app.recording.kit import UNKNOWN, Kit
from app.session.calibration import Calibration
from app.session.events import SessionStarted

BIDS_VERSION: Final = "1.11.0"
README: Final = """# EMG of the glutes

Sessions recorded with GluteWake, one `ses-` folder each. Left is always the person's left.

- `*_emg.bdf`: samples as they were recorded, 24 bit; headers hold neither person nor date.
- `*_events.tsv`: attempts, reps, cues, states, contacts and gaps; its columns are described in `*_events.json`.
- Where samples are missing the file holds zeros, and a `BAD_gap` in the annotations and the events.
- `sourcedata/journal`: what everything here was made of, sample by sample with its time of arrival.

GluteWake is not a medical device.
"""
_SCHEME: Final = (
    "Bipolar electrodes on the muscle belly along its fibres, as SENIAM recommends for the muscle, placed by eye and "
    "hand with the drawings of the application; not measured."
)
_NORMALISED: Final = {
    "mvc": "maximal voluntary contraction",
    "best-clench": "best of several comfortable contractions",
    "session": "largest level of this session, one number for both sides; no verdict rests on it",
}


@dataclass(frozen=True, slots=True)
class Channel:
    """One row of the channels table.

    Attributes
    ----------
    name : str
        As in the BDF.
    site : str or None
    muscle : str or None
    kind : {'raw', 'envelope'}
    is_volts : bool
    step : float
        Of the BDF, in µV or counts.
    missing_s : float
        Seconds that are filled with zeros.
    has_samples : bool
    """

    name: str
    site: str | None
    muscle: str | None
    kind: str
    is_volts: bool
    step: float
    missing_s: float
    has_samples: bool


def channels_table(channels: Sequence[Channel], kit: Kit, calibration: Calibration | None) -> bytes:
    """Make ``_channels.tsv``."""
    rest, reference = (calibration.rest, calibration.reference) if calibration is not None else ({}, {})
    head = (
        "name", "type", "units", "description", "reference", "group", "target_muscle", "interelectrode_distance",
        "low_cutoff", "high_cutoff", "notch", "status", "status_description", "side", "rest_rms", "reference_rms",
        "step",
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    for channel in channels:
        scale = 1e6 if channel.is_volts else 1.0
        site = channel.site or ""
        side = "left" if site.endswith("left") else "right" if site.endswith("right") else None
        rows.append(
            (
                channel.name,
                "EMG" if channel.kind == "raw" else "MISC",
                "µV" if channel.is_volts else UNKNOWN,
                "as recorded" if channel.kind == "raw" else "rectified and smoothed by the device",
                None if kit.reference_place == UNKNOWN else kit.reference_place,
                side,
                channel.muscle,
                kit.electrode_distance_mm,
                None, None, None,
                "good" if channel.has_samples else "bad",
                _status(channel),
                side,
                _scaled(rest.get(site), scale),
                _scaled(reference.get(site), scale),
                channel.step,
            )
        )  # fmt: skip
    return tsv(head, rows)


def channels_sidecar(calibration: Calibration | None) -> bytes:
    """Make ``_channels.json``: what the own columns mean."""
    method = "n/a" if calibration is None else _NORMALISED[calibration.method]
    units = "That of the column units; where that is n/a, counts of the converter."
    return json(
        {
            "side": {"Description": "The person's own left or right."},
            "rest_rms": {
                "Description": f"RMS at rest of the band-passed signal (20-450 Hz). {units}",
            },
            "reference_rms": {
                "Description": f"RMS of the reference contraction, the 100 % of this session: {method}. {units}",
            },
            "step": {"Description": f"Exact size of one digital step of the BDF. {units}"},
        }
    )


def emg_sidecar(
    *,
    task: str,
    calibrated_by: str | None,
    started: SessionStarted,
    kit: Kit,
    sfreq: float,
    duration_s: float,
    channels: Sequence[Channel],
    calibration: Calibration | None,
    is_resampled: bool,
    sha256: str,
    journal_sha256: str,
    journal: str,
) -> bytes:
    """Make ``_emg.json``."""
    return json(
        {
            "TaskName": task,
            "TaskDescription": _described(started),
            "Instructions": UNKNOWN,
            "InstitutionName": UNKNOWN,
            "InstitutionAddress": UNKNOWN,
            "InstitutionalDepartmentName": UNKNOWN,
            "Manufacturer": kit.manufacturer,
            "ManufacturersModelName": kit.model,
            "DeviceSerialNumber": kit.serial_number,
            "SoftwareVersions": f"GluteWake {started.app}, {started.chain}",
            "EMGChannelCount": sum(channel.kind == "raw" for channel in channels),
            "MISCChannelCount": sum(channel.kind != "raw" for channel in channels),
            "EMGPlacementScheme": "Other",
            "EMGPlacementSchemeDescription": _SCHEME if kit.placement == UNKNOWN else kit.placement,
            "EMGReference": "Bipolar",
            "EMGGround": kit.ground_place,
            "SamplingFrequency": sfreq,
            "PowerLineFrequency": UNKNOWN if kit.mains_hz is None else kit.mains_hz,
            "RecordingType": "continuous",
            "RecordingDuration": round(duration_s, 6),
            **_filters(kit, is_resampled=is_resampled),
            **_electrodes(kit),
            **_normalisation(calibration, calibrated_by),
            "Envelope": "moving RMS, 100 ms, of the signal band-passed 20-450 Hz",
            "Isolation": started.isolation,
            "Simulated": started.simulated,
            "SessionLabel": started.label or UNKNOWN,
            "SHA256": sha256,
            "SourceJournal": journal,
            "SourceJournalSHA256": journal_sha256,
        }
    )


def _filters(kit: Kit, *, is_resampled: bool) -> dict[str, object]:
    return {
        "HardwareFilters": (
            UNKNOWN if kit.hardware_filter == UNKNOWN else {"device": {"description": kit.hardware_filter}}
        ),
        "SoftwareFilters": (
            {"resampling": {"description": "streams brought onto one grid, 32-point windowed sinc"}}
            if is_resampled
            else UNKNOWN
        ),
    }


def _electrodes(kit: Kit) -> dict[str, object]:
    return {
        "ElectrodeManufacturer": UNKNOWN,
        "ElectrodeManufacturersModelName": UNKNOWN,
        "ElectrodeType": kit.electrode_type,
        "ElectrodeMaterial": kit.electrode_material,
        "ElectrodeDiameterMillimetres": UNKNOWN if kit.electrode_size_mm is None else kit.electrode_size_mm,
        **({} if kit.electrode_distance_mm is None else {"InterelectrodeDistance": kit.electrode_distance_mm}),
        "SkinPreparation": kit.skin_preparation,
    }


def _normalisation(calibration: Calibration | None, calibrated_by: str | None) -> dict[str, object]:
    return {
        "Normalisation": UNKNOWN if calibration is None else _NORMALISED[calibration.method],
        "NormalisationPosition": UNKNOWN if calibration is None else calibration.position or UNKNOWN,
        "NormalisationRecording": calibrated_by or UNKNOWN,
        "NormalisationAge": UNKNOWN if calibration is None or calibration.age_s is None else calibration.age_s,
    }


def _described(started: SessionStarted) -> str:
    what = f"Programme {started.programme}" if started.calibrates is None else f"Calibration, {started.calibrates}"
    return f"{what}, position: {started.position}"


def events_table(rows: Iterable[Mapping[str, Cell]]) -> bytes:
    """Make ``_events.tsv``, sorted by onset."""
    ordered = sorted(rows, key=lambda row: float(row["onset"] or 0.0))
    return tsv(tuple(COLUMNS), (tuple(row.get(name) for name in COLUMNS) for row in ordered))


def events_sidecar() -> bytes:
    """Make ``_events.json``."""
    return json(COLUMNS)


def dataset_description(dataset: str, app: str) -> bytes:
    """Make ``dataset_description.json``."""
    return json(
        {
            "Name": "GluteWake recordings" + (", simulated" if dataset.endswith("simulated") else ""),
            "BIDSVersion": BIDS_VERSION,
            "DatasetType": "raw",
            "GeneratedBy": [{"Name": "GluteWake", "Version": app}],
        }
    )


def participants_sidecar() -> bytes:
    """Make ``participants.json``."""
    return json({"code": {"Description": "The person's code as it was typed; names are nowhere in this data set."}})


def sessions_sidecar() -> bytes:
    """Make ``sessions.json``."""
    return json({"programme": {"Description": "The exercise."}, "position": {"Description": "How the person lay."}})


def tsv(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Make a table; None is ``n/a``."""
    return "".join("\t".join(map(_cell, row)) + "\n" for row in (head, *rows)).encode()


def json(content: object) -> bytes:
    """Make a JSON file that a person can read."""
    return msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n"


def _cell(value: Cell) -> str:
    if value is None or value == "":
        return UNKNOWN
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.12g}"
    return " ".join(str(value).split())


def _status(channel: Channel) -> str | None:
    if not channel.has_samples:
        return "no samples"
    return f"{channel.missing_s:.3f} s are missing" if channel.missing_s else None


def _scaled(level: float | None, scale: float) -> float | None:
    return None if level is None else round(level * scale, 6)
