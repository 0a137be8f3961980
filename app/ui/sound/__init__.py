"""Sound: `Sound` takes the session's events and makes them heard, in a thread of its own."""

import time
from collections.abc import Callable

from app.language import language
from app.pipeline.snapshot import Snapshot
from app.said import said
from app.session.events import Event, Percentiles
from app.ui.sound import prompts
from app.ui.sound.mixer import Layer, Mixer
from app.ui.sound.output import SoundOutput
from app.ui.sound.score import FeedbackChanged, Go, Message, Sample, Spoken
from app.ui.sound.speaker import Speaker, load
from app.ui.sound.tones import SoundName

__all__ = ["FeedbackChanged", "Go", "Sound"]


class Sound:
    """What a person hears. All but `load` and `start` may be called from any thread, and nothing waits for a device.

    Parameters
    ----------
    mixer : Mixer, optional
        For whoever records what it makes.

    Attributes
    ----------
    delay_ms : float
        How much later than others the person's headphones sound; go ticks are sent earlier by it.
    """

    def __init__(self, mixer: Mixer | None = None) -> None:
        self._mixer = mixer or Mixer()
        self._output = SoundOutput(self._mixer, Speaker)
        self.delay_ms = 0.0

    def load(self) -> None:
        """Load what sounds, in the GUI thread and before any other one works; see `speaker.load`. `start` does too."""
        load()

    def start(self) -> None:
        """Begin to sound, in the GUI thread; without a device `status` says so and all else goes on."""
        from app.ui.sound.voice import QtVoice  # not at the top: whoever has no window has no Qt

        self.load()
        prompts.recordings(language())  # now, not when the first one is due
        self._output.start()
        self._mixer.system_voice = QtVoice()

    def follow(self, picture: Callable[[], Snapshot | None]) -> None:
        """Take the tone of the sleeping side from this picture from now on; asked in the sound thread."""
        self._mixer.picture = picture

    def say(self, what: str, value: int | str | None = None) -> None:
        """Say something that is no line of the session, as soon as nobody squeezes.

        Parameters
        ----------
        what : str
            ``countdown``, ``battery-low``, ``unplug``, ``safety``, ...: see `prompts.words_of`.
        value : int, str or None
            The number or side that it is about.
        """
        self._send(Spoken(what, value))

    def tell(self, text: str, words: tuple[str, ...] = ()) -> None:
        """Say whole sentences, as soon as nobody squeezes.

        Parameters
        ----------
        text : str
            In the language of the person, for the system's voice.
        words : tuple of str
            Prompts that say as much of it as they can, where the system has no voice; without any it is only shown.
        """
        self._send(Spoken("story", text, text, words))

    def play(self, sound: SoundName) -> None:
        """Sound something once, to try the volume."""
        self._send(Sample(sound))

    def _send(self, message: Message) -> None:
        self._mixer.submit(message, time.perf_counter_ns())

    def stop(self) -> None:
        """Fall silent and give the device back; to be called before the process ends."""
        self._output.stop()
        self._mixer.break_off()

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
    def layers(self) -> dict[Layer, float]:
        """Volume of each layer, 0 to 1: ``tone``, ``events``, ``speech``."""
        return self._mixer.layers

    @property
    def quiet(self) -> bool:
        """Whether it is low, for one earbud, and without the tone that lasts."""
        return self._mixer.quiet

    @quiet.setter
    def quiet(self, quiet: bool) -> None:
        self._mixer.quiet = quiet

    @property
    def voice(self) -> bool:
        """Whether anything is spoken."""
        return self._mixer.voice

    @voice.setter
    def voice(self, voice: bool) -> None:
        self._mixer.voice = voice

    @property
    def status(self) -> str:
        """Empty while there is sound, else one sentence that says why not."""
        return said(self._output.status)

    @property
    def n_begun(self) -> int:
        """Sounds begun so far, those that nobody hears for want of a device included."""
        return self._mixer.n_begun

    @property
    def latency(self) -> Percentiles | None:
        """Decision to first mixed frame, in ms; None before the first sound."""
        return self._mixer.latency
