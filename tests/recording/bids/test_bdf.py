"""A BDF of any rate, length and text is read by others as it was written."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyedflib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.recording.bids.bdf import DIGITAL_MAX, Annotation, BdfSignal, Layout

EXAMPLES = 2000 if os.environ.get("GLUTEWAKE_FULL") == "1" else 25


@settings(max_examples=EXAMPLES)
@given(
    sfreq=st.floats(20.0, 4000.0),
    n_rows=st.integers(1, 9000),
    pieces=st.integers(1, 5000),
    n_channels=st.integers(1, 3),
    step=st.sampled_from([0.5, 0.02235174, 1.0, 1e-4, 187.5]),
    texts=st.lists(st.text(max_size=80), max_size=30),
    seed=st.integers(0, 99),
)
def test_pyedflib_reads_every_sample_and_annotation(sfreq, n_rows, pieces, n_channels, step, texts, seed):
    samples = np.random.default_rng(seed).integers(-DIGITAL_MAX, DIGITAL_MAX + 1, (n_rows, n_channels)).astype(np.int32)
    annotations = [Annotation(int(k * n_rows / sfreq * 1e5), k * 1000, text) for k, text in enumerate(texts)]
    layout = Layout([BdfSignal(f"ch{k}", "uV", step) for k in range(n_channels)], sfreq, n_rows, annotations)
    data = b"".join(layout.encode(samples[at : at + pieces] for at in range(0, n_rows, pieces)))
    assert len(data) == layout.header_size + layout.n_records * layout.record_size
    with TemporaryDirectory() as folder:
        path = Path(folder, "x.bdf")
        path.write_bytes(data)
        with pyedflib.EdfReader(str(path)) as reader:
            for column in range(n_channels):
                found = reader.readSignal(column, digital=True)
                np.testing.assert_array_equal(found[:n_rows], samples[:, column])
                assert not found[n_rows:].any()
            assert reader.getSampleFrequency(0) == pytest.approx(sfreq, rel=1e-6)
            onsets, _, _ = reader.readAnnotations()
            np.testing.assert_allclose(np.sort(onsets), [each.onset_us / 1e6 for each in annotations], atol=2e-7)


@pytest.mark.parametrize("step", [0.5, 0.02235174, 0.0298023223877, 1.0, 1e-4, 3.2, 3e-9])
def test_the_step_is_right_to_a_ten_millionth_and_zero_is_zero(step, tmp_path):
    samples = np.array([[0], [DIGITAL_MAX], [-DIGITAL_MAX]], np.int32)
    path = tmp_path / "x.bdf"
    path.write_bytes(b"".join(Layout([BdfSignal("x", "uV", step)], 3.0, 3, []).encode(iter([samples]))))
    with pyedflib.EdfReader(str(path)) as reader:
        np.testing.assert_allclose(reader.readSignal(0), samples[:, 0] * step, rtol=2e-7)
