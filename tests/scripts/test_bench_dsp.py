"""What the benchmark of envelopes measures is what its table says."""

import xml.etree.ElementTree as ET

import numpy as np
import pytest

from scripts import bench_dsp, bench_signals
from scripts.pareto import Point, _labels, pareto_svg


def test_a_known_envelope_has_its_known_times():
    # Trials that change 0, 3 and 6 ms late by the clock, all followed by a line of 100 ms.
    change_s = bench_signals.CHANGE_S + np.array([0.0, 0.003, 0.006])
    ends = np.arange(0.001, bench_signals.CHANGE_LENGTH_S, 0.001)
    values = 5.0 + 95.0 * np.clip((ends[:, np.newaxis] - change_s) / 0.100, 0, 1)
    t, shown = bench_dsp._around_change((ends, values), change_s)
    times = bench_dsp._crossings_ms(t, bench_dsp._way(t, shown.mean(axis=1, keepdims=True)))
    np.testing.assert_allclose(times[:, 0], [50, 90], atol=1.5)


def test_a_value_is_on_screen_only_after_its_end():
    ends = np.arange(0.010, bench_signals.CHANGE_LENGTH_S, 0.010)
    values = np.where(ends > bench_signals.CHANGE_S + 1e-6, 100.0, 5.0)[:, np.newaxis]
    t, shown = bench_dsp._around_change((ends, values), np.array([bench_signals.CHANGE_S]))
    times = bench_dsp._crossings_ms(t, bench_dsp._way(t, shown))
    np.testing.assert_allclose(times[:, 0], 10, atol=1.5)


def test_simulated_emg_has_rms_1_and_the_same_seed_gives_the_same_samples():
    first, again = (bench_signals.steady(1000, 2, 5, wavering=0.2) for _ in range(2))
    np.testing.assert_array_equal(first, again)
    assert np.sqrt(np.mean(first**2)) == pytest.approx(bench_signals.TOP, rel=0.01)


def test_the_picture_is_an_svg_with_every_method_in_it():
    points = [Point("RMS 100", 90, 15, False, True), Point("A & B", 240, 31, False, False)]
    text = "".join(ET.fromstring(pareto_svg(points, "6 dB up")).itertext())
    assert "RMS 100" in text
    assert "A & B" in text


def test_labels_of_one_place_do_not_cover_each_other():
    heights = sorted(y for _, y, _ in _labels([(100.0, 100.0, "one"), (100.0, 101.0, "two"), (102.0, 99.0, "three")]))
    assert min(np.diff(heights)) >= 14.0
