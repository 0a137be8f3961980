"""Write the JSON Schemas of what the commands print, from the types themselves: ``python scripts/schema.py``."""

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SCHEMAS = ROOT / "assets" / "schema"


def main() -> None:
    """Write the files anew."""
    sys.path.insert(0, str(ROOT))
    from app.pipeline import calibrate_lines, device_lines
    from app.session import events

    for name, schema in (
        ("events", events.json_schema()),
        ("devices", device_lines.json_schema()),
        ("calibrate", calibrate_lines.json_schema()),
    ):
        (SCHEMAS / f"{name}.schema.json").write_text(json.dumps(schema, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
