"""Sound: `Sound` takes the session's events and makes them heard, in a thread of its own."""

from app.session.events import Event, Percentiles
from app.ui.sound.mixer import Mixer
from app.ui.sound.output import SoundOutput
from app.ui.sound.score import FeedbackChanged, Go
from app.ui.sound.speaker import Speaker, load

__all__ = ["FeedbackChanged", "Go", "Sound"]


class Sound:
    """What a person hears. Every method but `start` may be called from any thread, and none waits for a device."""

    def __init__(self) -> None:
        self._mixer = Mixer()
        self._output = SoundOutput(self._mixer, Speaker)

    def start(self) -> None:
        """Begin to sound, in the GUI thread; without a device `status` says so and all else goes on."""
        load()
        self._output.start()

    def stop(self) -> None:
        """Fall silent and give the device back; to be called before the process ends."""
        self._output.stop()

    def submit(self, event: Event | Go | FeedbackChanged, decided_ns: int) -> None:
        """Make an event heard, if it has a sound.

        Parameters
        ----------
        event : Event, Go or FeedbackChanged
            In the order in which the session made them.
        decided_ns : int
            ``perf_counter_ns`` when it was decided; the start of `latency`.
        """
        self._mixer.submit(event, decided_ns)

    def set_muted(self, muted: bool) -> None:
        """Switch the sound off or on, without a click and without losing the place."""
        self._mixer.muted = muted

    @property
    def muted(self) -> bool:
        """Whether the person switched the sound off."""
        return self._mixer.muted

    def set_volume(self, volume: float) -> None:
        """Set the volume.

        Parameters
        ----------
        volume : float
            Factor of amplitude from 0 to 1; beyond, the nearer end is taken.
        """
        self._mixer.volume = min(max(volume, 0.0), 1.0)

    @property
    def volume(self) -> float:
        """Factor of amplitude, 0 to 1."""
        return self._mixer.volume

    @property
    def status(self) -> str:
        """Empty while there is sound, else one sentence that says why not."""
        return self._output.status

    @property
    def n_begun(self) -> int:
        """Sounds begun so far, those that nobody hears for want of a device included."""
        return self._mixer.n_begun

    @property
    def latency(self) -> Percentiles | None:
        """Decision to first mixed frame, in ms; None before the first sound."""
        return self._mixer.latency
