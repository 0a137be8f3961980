"""What the keys are called on a button; in code they bear Qt's names."""

import re
from typing import Final

from app.language import _, mark

KEY_NAMES: Final = (
    mark("Space"), mark("Esc"), mark("Return"), mark("Enter"), mark("Backspace"), mark("Ctrl"), mark("Shift"),
    mark("Page keys"), mark("Home"), mark("End"), mark("Up"), mark("Down"),
)  # fmt: skip


def key_name(key: str) -> str:
    """Name a key, or a combination such as ``Ctrl+Return``, as it stands on the keyboard of the reader."""
    return re.sub(r"[A-Z][a-z]+(?: keys)?", lambda found: _(found[0]), key)
