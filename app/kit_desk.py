"""`KitDesk`: what the page about the pads asks of the rest: what is known of them, and to keep what was said."""

import logging
from collections.abc import Callable, Sequence
from pathlib import Path

from app.recording.errors import RecordingError
from app.recording.kit import Kit, kit_of, read_kits, remember_kit

_log = logging.getLogger(__name__)


class KitDesk:
    """Keeps the kits beside the recordings, in one small file; `keep` waits for the disk.

    Parameters
    ----------
    root : callable
        Gives the folder of all recordings.
    sources : callable
        Gives the sources in use.
    """

    def __init__(self, root: Callable[[], Path], sources: Callable[[], Sequence[str]]) -> None:
        self._root = root
        self._sources = sources

    def kit(self) -> Kit:
        """What is known of the kit in use; one of its kind of sensor, of which nothing else is, where nothing was said.

        A file that cannot be read counts as nothing: `keep` refuses it.
        """
        sources = self._sources()
        try:
            found = kit_of(read_kits(self._root()), sources)
        except RecordingError as error:
            _log.warning("%s", error.sentence)
            found = Kit(sources=())
        return found if found.sources else Kit(sources=tuple({f"{uri.partition(':')[0]}:" for uri in sources}))

    def keep(self, kit: Kit) -> None:
        """Keep what was said; raises `RecordingError`."""
        remember_kit(self._root(), kit)
