"""The record that a calibration leaves."""

from dataclasses import dataclass, field

from app.session.calibrating.findings import Findings
from app.session.calibrating.view import Kind
from app.session.calibration import Calibration, Electrode


@dataclass(frozen=True, slots=True)
class About:
    """What no signal tells, for the record; the fields are those of `Calibration`."""

    id: str
    made_utc: str | None = None
    person: str | None = None
    simulated: bool = False
    device: tuple[str, ...] = ()
    muscle: str = "gluteus maximus"
    position: str = "prone"
    electrode: Electrode = field(default_factory=Electrode)
    chain: str | None = None
    recording: str | None = None


def make_record(findings: Findings, about: About, kind: Kind) -> Calibration | None:
    """Make the record; None for a clench test, or if there is no rest or no squeeze for a reference."""
    reference, rests = findings.reference(), findings.rests()
    if kind == "clench-test" or reference is None or not rests:
        return None
    return Calibration(
        id=about.id,
        method=reference.method,
        rest=rests,
        reference=reference.levels,
        tries=reference.tries,
        made_utc=about.made_utc,
        kind=kind,
        person=about.person,
        simulated=about.simulated,
        device=about.device,
        muscle=about.muscle,
        position=about.position,
        electrode=about.electrode,
        hum=findings.hums(),
        snr_db=findings.snrs_db(reference),
        squeezes=findings.squeezes(),
        results=findings.results(),
        hardened=dict(findings.hardened),
        exchanged=findings.exchanged,
        scaled_to=reference.scaled_to,
        stand_in=reference.stand_in,
        chain=about.chain,
        recording=about.recording,
    )
