"""Where plans come from: the one that ships with the application, and files that a therapist hands out."""

from importlib.resources import files
from pathlib import Path

from app.pipeline.programmes import LARGEST_BYTES, all_programmes
from app.session.plan import Plan, PlanError, parse_plan
from app.small_file import read_small


def shipped_plan() -> Plan:
    """The plan that ships: squeezes, the bridge, into movement, and keeping it."""
    text = (files("assets") / "plans" / "first-weeks.toml").read_text(encoding="utf-8")
    return parse_plan(text, "first-weeks", _known())


def read_plan(path: Path) -> Plan:
    """Read a plan from a file; raises `PlanError` with what is wrong."""
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise PlanError(f"'{path}' is too large for a plan; choose the file that your therapist gave you.")
        text = read_small(path).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise PlanError(f"The plan {path} cannot be read: it is not text in UTF-8; save it as UTF-8.") from None
    except OSError as error:
        raise PlanError(f"'{path}' cannot be read: {error.strerror}; choose another file.") from None
    return parse_plan(text, path.name, _known())


def _known() -> set[str]:
    return {programme.id for programme in all_programmes().all}
