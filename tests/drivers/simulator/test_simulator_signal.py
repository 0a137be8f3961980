"""What the electrodes pick up is what the truth says, in volts, sample for sample reproducible."""

import numpy as np
import pytest
from scipy import signal

from drivers import registry
from drivers.simulator import truth
from drivers.simulator.people import SIDES

HEALTHY = "sim:healthy?seed=2&reps=40"


def rms(samples) -> float:
    return float(np.sqrt(np.mean(np.square(samples))))


def plateau(squeeze, site: str, sfreq: float = 1000.0) -> slice:
    """Samples in which the muscle of a site has its full amplitude, 10 ms of filter settling left out."""
    start_s = squeeze.onset_s[site] or squeeze.start_s
    return slice(int((start_s + squeeze.ramp_s + 0.010) * sfreq), int(squeeze.end_s * sfreq))


def levels_over_rest(run, text: str, site: str, muscle: str | None = None) -> np.ndarray:
    """Band-passed RMS of each plateau in parts of what the truth says, rest noise taken off."""
    filtered = run(text).filtered(site)
    rest = rms(filtered[500:3500])
    squeezes = truth(text)
    measured = [rms(filtered[plateau(squeeze, muscle or site)]) for squeeze in squeezes]
    said = [squeeze.amplitude_pct[muscle or site] * 1e-6 for squeeze in squeezes]  # of an MVC of 100 uV
    return np.sqrt(np.maximum(np.square(measured) - rest**2, 0.0)) / said


@pytest.mark.parametrize("site", ["left", "right"])
def test_a_plateau_has_the_level_of_the_truth(run, site):
    ratios = levels_over_rest(run, HEALTHY, site)

    assert ratios.mean() == pytest.approx(1.0, abs=0.015)
    assert ratios.std() < 0.05  # sampling error of an RMS over about a second


@pytest.mark.parametrize("rate", [250, 500, 2000, 4000])
def test_levels_mean_the_same_at_every_rate(run, rate):
    text = f"sim:healthy?seed=2&reps=10&rate={rate}&compensators=0"
    if rate == 250:
        sos = signal.butter(2, 20, "highpass", fs=rate, output="sos")
    else:
        sos = signal.butter(2, (20, 0.45 * min(rate, 1000)), "bandpass", fs=rate, output="sos")
    filtered = signal.sosfilt(sos, run(text).samples()[:, 0])
    rest = rms(filtered[rate : 3 * rate])
    ratios = [
        np.sqrt(rms(filtered[plateau(squeeze, "left", rate)]) ** 2 - rest**2) / (squeeze.amplitude_pct["left"] * 1e-6)
        for squeeze in truth(text)
    ]

    assert np.mean(ratios) == pytest.approx(1.0, abs=0.04)


def test_rest_has_the_level_of_the_carried_calibration(run):
    calibration = registry.create(HEALTHY).carried.calibration
    assert calibration is not None
    levels = calibration["rest"]
    assert isinstance(levels, dict)

    for site, level in levels.items():
        assert rms(run(HEALTHY).filtered(site)[500:3500]) == pytest.approx(level, rel=0.05)
        assert 3e-6 <= level <= 9e-6


def test_the_spectrum_is_that_of_a_muscle(run):
    filtered = run(HEALTHY).filtered("left")
    medians = []
    for squeeze in truth(HEALTHY):
        frequency, power = signal.welch(filtered[plateau(squeeze, "left")], 1000, nperseg=500)
        medians.append(frequency[np.searchsorted(np.cumsum(power), power.sum() / 2)])

    assert 80 < np.mean(medians) < 110


def test_every_sample_is_a_whole_step_of_the_converter(run):
    text = "sim:healthy?reps=3&hum=20&motion=50&ecg=30&crosstalk=0.1"
    stream = run(text).streams[0]
    assert stream.lsb is not None
    steps = run(text).samples() / stream.lsb

    assert np.array_equal(steps, np.rint(steps))


def test_an_int24_journal_gives_every_sample_back_bit_for_bit(run):
    stream, samples = run(HEALTHY).streams[0], run(HEALTHY).samples().astype(np.float32)
    assert stream.lsb is not None
    assert stream.full_scale is not None
    steps = np.rint(samples / np.array(stream.lsb)).astype(np.int32)

    assert np.abs(steps).max() < 2**23
    assert np.array_equal((steps * np.array(stream.lsb)).astype(np.float32), samples)
    assert stream.full_scale == stream.lsb[0] * (2**23 - 1)


def test_samples_never_exceed_the_full_scale(run):
    text = "sim:healthy?reps=1&motion=10000&hum=10000&ecg=10000"

    assert np.abs(run(text).samples()).max() <= run(text).streams[0].full_scale


@pytest.mark.parametrize("option", ["block_ms=1", "block_ms=7.3", "block_ms=333", "block_ms=1000"])
def test_samples_do_not_depend_on_the_size_of_blocks(run, option):
    assert np.array_equal(run(f"sim:late-left?reps=3&{option}").samples(), run("sim:late-left?reps=3").samples())


def test_another_seed_gives_other_samples(run):
    assert not np.array_equal(run("sim:healthy?reps=1&seed=1").samples()[:5000], run(HEALTHY).samples()[:5000])


def test_leaving_the_compensators_out_changes_no_sample_of_the_glutes(run):
    whole, glutes = run("sim:healthy?reps=2"), run("sim:healthy?reps=2&compensators=0")

    assert glutes.streams[0].ch_names == SIDES
    assert np.array_equal(whole.samples()[:, :2], glutes.samples())


def test_lag_can_be_seen_in_the_samples(run):
    text = "sim:late-left?seed=5&reps=30&noise=0.5"
    run_of, squeezes = run(text), truth(text)
    starts = {}
    for side in SIDES:
        filtered = run_of.filtered(side)
        starts[side] = [
            # The first 1 % of the squeeze's energy comes at the same height of the ramp on either side.
            np.searchsorted(energy := np.cumsum(filtered[begin : begin + 1500] ** 2), 0.01 * energy[-1]) * 1e-3
            for begin in (int((squeeze.start_s - 0.2) * 1000) for squeeze in squeezes)
        ]

    assert np.mean(np.subtract(starts["left"], starts["right"])) == pytest.approx(0.250, abs=0.020)


def test_a_sleeping_side_stays_near_rest(run):
    text = "sim:sleepy-left?seed=2&reps=10"
    filtered = run(text).filtered("left")

    for squeeze in truth(text):
        assert rms(filtered[plateau(squeeze, "left")]) < 12e-6


def test_exchanged_electrodes_show_the_sleeping_left_muscle_on_the_right(run):
    text = "sim:swapped?seed=2&reps=10"

    assert levels_over_rest(run, text, "left", muscle="right").mean() == pytest.approx(1.0, abs=0.03)
    assert rms(run(text).filtered("right")[plateau(truth(text)[0], "right")]) < 12e-6


def test_a_bad_contact_is_hum_and_no_muscle(run):
    samples = run("sim:bad-contact-left?reps=5").samples()[:, 0]
    frequency, power = signal.welch(samples, 1000, nperseg=1000)

    assert rms(samples) == pytest.approx(150e-6, rel=0.02)
    assert power[(frequency > 48) & (frequency < 52)].sum() / power.sum() > 0.99


def test_a_contact_can_be_bad_for_a_while(run):
    filtered = run("sim:bad-contact-left?reps=2&open_at=1&open_s=1").filtered("left")

    assert rms(filtered[1100:1900]) > 140e-6
    assert rms(filtered[2500:3500]) < 10e-6


@pytest.mark.parametrize(("option", "band_hz"), [("hum=20", (48, 52)), ("hum=20&hum_hz=60", (58, 62))])
def test_hum_is_at_the_frequency_of_the_mains(run, option, band_hz):
    frequency, power = signal.welch(run(f"sim:healthy?reps=1&noise=2&{option}").samples()[:4000, 0], 1000, nperseg=1000)
    inside = (frequency >= band_hz[0]) & (frequency <= band_hz[1])

    assert np.sqrt(power[inside].sum()) == pytest.approx(20e-6, rel=0.03)


def test_movement_lies_below_twenty_hertz(run):
    still, moving = run("sim:healthy?seed=2&reps=8"), run("sim:healthy?seed=2&reps=8&motion=100")
    added = moving.samples()[:, 0] - still.samples()[:, 0]
    frequency, power = signal.welch(added, 1000, nperseg=4000)

    assert rms(added) == pytest.approx(100e-6, rel=0.15)
    assert power[frequency < 20].sum() / power.sum() > 0.98


def test_a_heart_beats_about_seventy_times_a_minute(run):
    added = run("sim:healthy?reps=18&ecg=50").samples()[:, 0] - run("sim:healthy?reps=18").samples()[:, 0]
    peaks, _ = signal.find_peaks(added, height=40e-6)

    assert len(peaks) / (added.size / 60_000) == pytest.approx(70, abs=5)
    assert added.max() == pytest.approx(50e-6, rel=0.02)


def test_crosstalk_brings_the_other_side_along(run):
    text = "sim:sleepy-left?seed=2&reps=5&noise=0.5"
    spans = [plateau(squeeze, "right") for squeeze in truth(text)]
    mixed = run(f"{text}&crosstalk=0.2")
    left, right = (np.concatenate([mixed.filtered(side)[span] for span in spans]) for side in SIDES)

    # The left side's own tenth of its effort is half of the fifth that comes over from the right.
    assert np.corrcoef(left, right)[0, 1] == pytest.approx(2 / np.sqrt(5), abs=0.08)


def test_noise_can_be_chosen(run):
    assert rms(run("sim:healthy?reps=1&noise=12").filtered("right")[500:3500]) == pytest.approx(12e-6, rel=0.05)
