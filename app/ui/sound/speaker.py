"""The system's sound device through QtMultimedia. Used by the sound thread alone, but for `load`.

QtMultimedia is imported when sound starts, not at start: it needs shared libraries (libpulse) that a bare system lacks,
and a person without sound is still to be trained by the screen.
"""

import logging
import os
import time
from contextlib import suppress
from typing import TYPE_CHECKING, ClassVar

from app.language import mark
from app.ui.sound.output import BUFFER_S, NO_DEVICE, NoSoundError, SinkLostError
from app.ui.sound.tones import SFREQ, Float32Array

if TYPE_CHECKING:
    from PyQt6.QtCore import QCoreApplication

log = logging.getLogger(__name__)

QUIET_RULES = "qt.multimedia.*=false\nqt.speech.*=false"
"""What Qt would like to have for sound and speech is of no use to a person."""
_BYTES_PER_FRAME = 4
_SERVER_LATENCY_MS = "20"
_STALL_NS = 3_000_000_000
"""A device that takes nothing for so long has gone; a sound server that wakes from idle may take 2 s."""


def load() -> None:
    """Import QtMultimedia, in the GUI thread and before any other thread uses Qt.

    What is missing is said by the first `Speaker`. While the system loads the library, it tells which optional
    libraries it would also have liked, to a message handler that is Python's: that gives way to other threads with the
    loader locked, and whoever needs the loader then (numpy does, once) waits for ever. So nobody listens meanwhile.
    """
    from PyQt6.QtCore import QLoggingCategory, qInstallMessageHandler

    QLoggingCategory.setFilterRules(QUIET_RULES)
    listener = qInstallMessageHandler(None)
    with suppress(ImportError):
        import PyQt6.QtMultimedia  # noqa: F401 - loaded here, used elsewhere
    qInstallMessageHandler(listener)


class Speaker:
    """The default sound device, open and running; the stream stays open, so that no first tone is cut.

    A device that was lost is not opened again before the system has named another default in between. Where the
    sound *server* died, Qt goes on naming the old device and aborts the process when that is opened (Qt 6.11,
    PulseAudio); where only the device went, the default changes, to another one or to none.

    Raises
    ------
    NoSoundError
        If there is no device, it does not open, or QtMultimedia does not load here.
    """

    _application: ClassVar["QCoreApplication | None"] = None
    _lost_id: ClassVar[bytes | None] = None

    def __init__(self) -> None:
        # Without it a PulseAudio or PipeWire server may keep up to 2 s of its own behind our buffer: Qt asks for
        # a short stream buffer, but not for a short way through the device.
        os.environ.setdefault("PULSE_LATENCY_MSEC", _SERVER_LATENCY_MS)
        from PyQt6.QtCore import QCoreApplication, QEventLoop  # not at the top: slow to load

        # QtMultimedia is of no use before there is an application; and with the application, PyQt deletes every
        # object of Qt, those of this thread in mid-use too: so it stays until the process ends.
        Speaker._application = QCoreApplication.instance()
        if Speaker._application is None:
            raise NoSoundError(mark("sound begins with the window"))
        try:
            from PyQt6.QtMultimedia import QAudio, QAudioFormat, QAudioSink, QMediaDevices
        except ImportError as error:
            sentence = mark("no sound, a system library is missing ({library}): cues are shown only")
            raise NoSoundError(sentence.format(library=_library(error))) from error
        self._no_error = QAudio.Error.NoError
        self._default_device = QMediaDevices.defaultAudioOutput
        # The sink reports a lost device through the queue of its own thread, which nobody else empties.
        self._events = QEventLoop()
        self._events.processEvents()
        device = self._default_device()
        self._device_id = bytes(device.id().data())
        if self._device_id == Speaker._lost_id:
            raise NoSoundError(mark("the sound device stopped answering, start GluteWake again: cues are shown only"))
        Speaker._lost_id = None
        if device.isNull():
            raise NoSoundError(NO_DEVICE)
        sound_format = QAudioFormat()
        sound_format.setSampleRate(SFREQ)
        sound_format.setChannelCount(1)
        sound_format.setSampleFormat(QAudioFormat.SampleFormat.Float)
        self._sink = QAudioSink(device, sound_format)
        self._sink.setBufferSize(round(BUFFER_S * SFREQ) * _BYTES_PER_FRAME)
        self._stream = self._sink.start()
        if self._stream is None or self._sink.error() != self._no_error:
            raise NoSoundError(mark("the sound device cannot be opened: cues are shown only"))
        self._moved_ns = time.perf_counter_ns()
        log.info("sound: %s", device.description())

    def free(self) -> int:
        if self._sink.error() != self._no_error:
            raise self._lost(self._sink.error().name)
        n_frames = self._sink.bytesFree() // _BYTES_PER_FRAME
        now_ns = time.perf_counter_ns()
        if n_frames > 0:
            self._moved_ns = now_ns
        elif now_ns - self._moved_ns > _STALL_NS:
            raise self._lost("takes no frames")
        return n_frames

    def write(self, frames: Float32Array) -> None:
        if self._stream is None or self._stream.write(frames.tobytes()) < 0:
            raise self._lost("refuses frames")

    def is_current(self) -> bool:
        self._events.processEvents()
        return bytes(self._default_device().id().data()) == self._device_id

    def close(self) -> None:
        self._sink.stop()

    def _lost(self, why: str) -> SinkLostError:
        Speaker._lost_id = self._device_id
        return SinkLostError(why)


def _library(error: ImportError) -> str:
    """Name the library that the loader missed: ``libpulse.so.0: cannot open shared object file``."""
    return str(error).split(":")[0]
