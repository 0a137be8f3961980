"""What the electrodes of one simulated unit pick up, one second at a time.

Surface EMG is Gaussian noise with the spectrum of a real one, times the amplitude that the plan asks of the muscle;
on top come rest noise and whatever faults are asked for. Samples depend on the options alone: each source of noise
has its own generator, seeded with its name, so that switching one thing on leaves all others as they were.
"""

import math

import numpy as np
import numpy.typing as npt
from scipy import signal

from drivers.simulator import people
from drivers.simulator.options import Options
from drivers.simulator.plan import Plan
from drivers.types import Float32Array

Float64Array = npt.NDArray[np.float64]

LSB_V = 2.0**-25
"""Step of the simulated 24-bit converter, 29.8 nV: a power of two, so that float32 holds every step exactly."""
FULL_SCALE_V = LSB_V * (2**23 - 1)

SPECTRUM_HZ = (60.0, 120.0)
"""Corners f_l, f_h of the power spectrum f_h^4 f^2 / ((f^2 + f_l^2) (f^2 + f_h^2)^2)."""
_BAND_HZ = (20.0, 450.0)
_MOTION_HZ = (0.5, 10.0)
_BEAT_S = 0.85
"""Mean time between two heart beats; their log-SD is `_BEAT_LOG_SD`."""
_BEAT_LOG_SD = 0.05
_KNOCK_V = 1e-3
_KNOCK_HZ = 40.0
_KNOCK_S = 0.02
"""A knock on an electrode rings and dies away: height, frequency, time constant."""
_SHIFT, _SHIFT_S = 0.5, 0.3
"""A finger shifts the baseline by this part of its knock while it lies on the pad."""
_SHAKEN = 0.1
"""Part of a tap that all other electrodes feel."""
_R_WAVE_S = 0.008
"""Width of the R wave: half of the time between its zero crossings."""


def rest_levels(options: Options, sites: tuple[str, ...]) -> Float64Array:
    """Draw the level at rest of each site: band-passed RMS in volts, shape (n_sites,)."""
    if options.noise_v is not None:
        return np.full(len(sites), options.noise_v)
    return np.array([_generator(options, f"rest {site}").uniform(*people.REST_NOISE_V) for site in sites])


def measuring_band(sfreq: float) -> Float64Array:
    """Design the band in which amplitudes are meant, as second-order sections: 20-450 Hz, 4 poles.

    Below 1 kHz the upper corner is 0.45 x sfreq; up to 250 Hz only the high-pass is left (design, section 4).
    """
    if sfreq <= 250:
        return np.asarray(signal.butter(2, _BAND_HZ[0], "highpass", fs=sfreq, output="sos"))
    top_hz = min(_BAND_HZ[1], 0.45 * sfreq)
    return np.asarray(signal.butter(2, (_BAND_HZ[0], top_hz), "bandpass", fs=sfreq, output="sos"))


class Electrodes:
    """The channels of one unit.

    Parameters
    ----------
    options : Options
    plan : Plan
    sites : tuple of str
        One per channel.
    first_s : float
        Source time of the first sample.
    sfreq : float
        What the unit's clock really runs at, in Hz.
    """

    def __init__(self, options: Options, plan: Plan, sites: tuple[str, ...], first_s: float, sfreq: float) -> None:
        self._options = options
        self._plan = plan
        self._first_s = first_s
        self._sfreq = sfreq
        self._muscles = tuple(_muscle_under(options, site) for site in sites)
        self._open = np.array([options.scenario.open_lead and site == options.scenario.affected[0] for site in sites])
        self._n_read = 0

        self._emg = _Noise(options, [f"emg {muscle}" for muscle in self._muscles], _emg_shape(options.sfreq))
        self._motion = _Noise(options, [f"motion {site}" for site in sites], _motion_shape(options.sfreq))
        self._white = [_generator(options, f"noise {site}") for site in sites]
        self._rest_v = rest_levels(options, sites) / _rms(measuring_band(options.sfreq))
        pressed = [options.pressure if muscle == options.scenario.affected[0] else 1.0 for muscle in self._muscles]
        self._rest_v = self._rest_v * pressed
        self._hum_phase = np.array([_generator(options, f"hum {site}").uniform(0.0, 2.0 * math.pi) for site in sites])
        self._heart = _Heart(options)

    def next_second(self) -> Float32Array:
        """Make the next ``options.sfreq`` samples.

        Returns
        -------
        ndarray of float32, shape (options.sfreq, n_sites)
            Volts, whole multiples of `LSB_V`, never NaN.
        """
        options = self._options
        n_samples = options.sfreq
        t_s = self._first_s + (self._n_read + np.arange(n_samples)) / self._sfreq
        self._n_read += n_samples

        volts = people.MVC_V * self._amplitude(t_s) * self._emg.next(n_samples)
        if options.faint < 1.0:
            volts *= [options.faint if muscle == options.scenario.affected[0] else 1.0 for muscle in self._muscles]
        if options.crosstalk:
            volts[:, :2] += options.crosstalk * volts[:, 1::-1]
        is_off = self._open & _within(t_s, options.open_lead.start_s, options.open_lead.stop_s)
        volts[is_off] = 0.0
        volts += self._rest_v * np.stack([rng.standard_normal(n_samples) for rng in self._white], axis=1)
        if options.hum_v or is_off.any():
            hum_v = np.where(is_off, max(people.OPEN_LEAD_HUM_V, options.hum_v), options.hum_v)
            turn = 2.0 * math.pi * options.hum_hz * t_s[:, np.newaxis]
            volts += math.sqrt(2.0) * hum_v * np.sin(turn + self._hum_phase)
        if options.motion_v:
            volts += options.motion_v * self._motion.next(n_samples)
        if options.taps:
            volts += _knocks(t_s, options.taps)[:, np.newaxis]
        for at_s, side in options.script.touches:
            if t_s[0] - 1.0 < at_s <= t_s[-1]:
                share = [1.0 if muscle == side else _SHAKEN for muscle in self._muscles]
                volts += _touch(t_s - at_s)[:, np.newaxis] * share
        if options.ecg_v:
            volts += options.ecg_v * self._heart.beats(t_s)[:, np.newaxis]
        volts = np.clip(volts, -options.clip_v, options.clip_v)
        if options.coarse_v:
            volts = options.coarse_v * np.rint(volts / options.coarse_v)
        steps = np.clip(np.rint(volts / LSB_V), -FULL_SCALE_V / LSB_V, FULL_SCALE_V / LSB_V)
        return (steps * LSB_V).astype(np.float32)

    def _amplitude(self, t_s: Float64Array) -> Float64Array:
        """Amplitude of each channel's muscle in parts of its MVC, shape (n_samples, n_sites)."""
        amplitude = np.zeros((t_s.size, len(self._muscles)))
        for squeeze in self._plan.overlapping(t_s[0], t_s[-1]):
            # A sleeping side keeps a little of its amplitude, and does that on the command.
            onset_s = [_or(squeeze.onset_s[muscle], squeeze.start_s) for muscle in self._muscles]
            offset_s = [_or(squeeze.offset_s[muscle], squeeze.end_s + squeeze.ramp_s) for muscle in self._muscles]
            plateau = np.array([squeeze.amplitude_pct[muscle] for muscle in self._muscles]) * 1e-2
            rising = (t_s[:, np.newaxis] - onset_s) / squeeze.ramp_s
            falling = (np.array(offset_s) - t_s[:, np.newaxis]) / squeeze.ramp_s
            amplitude += plateau * np.clip(np.minimum(rising, falling), 0.0, 1.0)
        return amplitude


def _touch(since_s: Float64Array) -> Float64Array:
    """One finger on a pad in volts, `since_s` after it comes: a knock, and the shift while it lies there."""
    knock = np.exp(-np.maximum(since_s, 0.0) / _KNOCK_S) * np.cos(2.0 * math.pi * _KNOCK_HZ * since_s)
    shift = _SHIFT * np.sin(math.pi * np.clip(since_s / _SHIFT_S, 0.0, 1.0))
    return np.where(since_s >= 0.0, _KNOCK_V * (knock + shift), 0.0)


def _knocks(t_s: Float64Array, n_knocks: int) -> Float64Array:
    """Knocks in volts at source times 1, 2 ... n s, shape of `t_s`."""
    since_s = t_s - np.floor(t_s)
    knock = _KNOCK_V * np.exp(-since_s / _KNOCK_S) * np.cos(2.0 * math.pi * _KNOCK_HZ * since_s)
    return np.where((t_s >= 1.0) & (t_s < n_knocks + 1.0), knock, 0.0)


class _Noise:
    """Gaussian noise through a filter that keeps its state, one generator per channel."""

    def __init__(self, options: Options, names: list[str], shape: tuple[Float64Array, float]) -> None:
        self._generators = [_generator(options, name) for name in names]
        self._sos, self._gain = shape
        self._state = np.zeros((self._sos.shape[0], 2, len(names)))

    def next(self, n_samples: int) -> Float64Array:
        """Make the next samples, shape (n_samples, n_channels)."""
        white = np.stack([rng.standard_normal(n_samples) for rng in self._generators], axis=1)
        shaped, self._state = signal.sosfilt(self._sos, white, axis=0, zi=self._state)
        return np.asarray(self._gain * shaped)


class _Heart:
    """One heart for all channels."""

    def __init__(self, options: Options) -> None:
        self._generator = _generator(options, "heart")
        self._beats_s = [0.4]

    def beats(self, t_s: Float64Array) -> Float64Array:
        """R waves of height 1 at the times `t_s`, which never go back by more than a second, shape (n_samples,)."""
        while self._beats_s[-1] < t_s[-1] + 1.0:
            self._beats_s.append(self._beats_s[-1] + _BEAT_S * math.exp(self._generator.normal(0.0, _BEAT_LOG_SD)))
        self._beats_s = [beat_s for beat_s in self._beats_s if beat_s > t_s[0] - 1.0]
        wave = np.zeros_like(t_s)
        for beat_s in self._beats_s:
            u = ((t_s - beat_s) / _R_WAVE_S) ** 2
            wave += (1.0 - u) * np.exp(-u / 2.0)  # second derivative of a Gaussian: Q, R and S, and no mean
        return wave


def _emg_shape(sfreq: float) -> tuple[Float64Array, float]:
    """Filter that gives white noise the spectrum of EMG, and the gain that makes its RMS in the measuring band 1."""
    low, high = (2.0 * math.pi * corner_hz for corner_hz in SPECTRUM_HZ)
    digital = signal.bilinear_zpk([0.0], [-low, -high, -high], high**2, fs=sfreq)
    sos = np.asarray(signal.zpk2sos(*digital))
    return sos, 1.0 / _rms(np.concatenate([sos, measuring_band(sfreq)]))


def _motion_shape(sfreq: float) -> tuple[Float64Array, float]:
    sos = np.asarray(signal.butter(4, _MOTION_HZ, "bandpass", fs=sfreq, output="sos"))
    return sos, 1.0 / _rms(sos)


def _rms(sos: Float64Array) -> float:
    """RMS of white noise of variance 1 behind the filter: the root of its mean power gain over all frequencies."""
    _, response = signal.sosfreqz(sos, worN=1 << 15)
    return float(np.sqrt(np.mean(np.abs(response) ** 2)))


def _muscle_under(options: Options, site: str) -> str:
    """Which muscle the electrode of a site really lies on."""
    exchanged = {"left": "right", "right": "left"} if options.swapped else {}
    return exchanged.get(site, site)


def _generator(options: Options, name: str) -> np.random.Generator:
    return np.random.default_rng([options.seed, *name.encode()])


def _within(t_s: Float64Array, start_s: float, stop_s: float) -> npt.NDArray[np.bool_]:
    """Whether each time lies in the span, shape (n_samples, 1)."""
    return ((t_s >= start_s) & (t_s < stop_s))[:, np.newaxis]


def _or(time_s: float | None, otherwise_s: float) -> float:
    return otherwise_s if time_s is None else time_s
