"""Write assets/schema/events.schema.json from the events of a session: ``python scripts/schema.py``."""

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SCHEMA = ROOT / "assets" / "schema" / "events.schema.json"


def main() -> None:
    """Write the file anew."""
    sys.path.insert(0, str(ROOT))
    from app.session.events import json_schema

    SCHEMA.write_text(json.dumps(json_schema(), indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
