"""OpenSignals HDF5: real recordings, made ones, damaged ones."""

from pathlib import Path

import h5py
import numpy as np
import pytest

from drivers.errors import DriverError, SourceFormatError
from drivers.replay.formats import Recording, open_recording

EMG = Path(__file__).resolve().parents[3] / "../shared/data/emg"


def write_device(file: h5py.File, name: str, channels: dict[int, list[int]], *, bits: list[int], rate: int = 1000):
    group = file.create_group(name)
    group.attrs["sampling rate"] = np.int32(rate)
    group.attrs["resolution"] = np.array(bits, dtype=np.int32)
    for number, values in channels.items():
        data = group.create_dataset(f"raw/channel_{number}", data=np.array(values, dtype="u2")[:, None], chunks=True)
        data.attrs["sensor"] = "EMG"
        data.attrs["label"] = f"A{number}"


def play(recording: Recording) -> list[tuple[int, str, int]]:
    return [(block.arrival_ns, block.stream_id, block.n_samples) for block in recording.blocks(0.01)]


def test_channels_come_in_the_order_of_their_numbers_with_codes_as_counts(tmp_path: Path):
    with h5py.File(tmp_path / "a.h5", "w") as file:
        write_device(file, "00:07", {10: [5, 6, 7], 2: [1, 2, 3]}, bits=[10, 10])
    recording = open_recording(tmp_path / "a.h5")
    (stream,) = recording.streams
    assert stream.ch_names == ("EMG A2", "EMG A10")
    assert (stream.unit, stream.lsb, stream.full_scale, stream.sfreq) == ("counts", (1.0, 1.0), 1023.0, 1000.0)
    (block,) = recording.blocks(0.01)
    assert block.samples.dtype == np.float32
    np.testing.assert_array_equal(block.samples, [[1, 5], [2, 6], [3, 7]])
    recording.close()
    recording.close()


def test_two_devices_are_two_streams_in_order_of_time(tmp_path: Path):
    with h5py.File(tmp_path / "a.h5", "w") as file:
        write_device(file, "left", {1: list(range(30))}, bits=[16])
        write_device(file, "right", {1: list(range(20))}, bits=[16])
    recording = open_recording(tmp_path / "a.h5")
    left, right = (stream.stream_id for stream in recording.streams)
    assert [stamp for stamp, *_ in play(recording)] == [10_000_000, 10_000_000, 20_000_000, 20_000_000, 30_000_000]
    assert [name for _, name, _ in play(recording)] == [left, right, left, right, left]


def test_two_converters_have_no_full_scale_in_common(tmp_path: Path):
    with h5py.File(tmp_path / "a.h5", "w") as file:
        write_device(file, "00:07", {1: [5], 5: [1]}, bits=[10, 6])
    assert open_recording(tmp_path / "a.h5").streams[0].full_scale is None


def test_another_hdf5_file_is_refused_with_a_remedy(tmp_path: Path):
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["data"] = [1, 2, 3]
    with pytest.raises(SourceFormatError, match="not one of OpenSignals"):
        open_recording(tmp_path / "a.h5")


def test_a_group_without_its_attributes_is_refused_as_damaged(tmp_path: Path):
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["00:07/raw/channel_1"] = [[1], [2]]
    with pytest.raises(SourceFormatError, match="damaged"):
        open_recording(tmp_path / "a.h5")


@pytest.mark.skipif(not EMG.is_dir(), reason="the real recordings are not here")
class TestRealRecordings:
    @pytest.mark.parametrize(
        ("name", "n_samples", "full_scale"),
        [("bsnb_emg_bursts.h5", 28519, 65535.0), ("bsnb_emg_fatigue.h5", 126900, 4095.0)],
    )
    def test_every_sample_is_played(self, name: str, n_samples: int, full_scale: float):
        recording = open_recording(EMG / name)
        (stream,) = recording.streams
        assert (stream.sfreq, stream.unit, stream.full_scale) == (1000.0, "counts", full_scale)
        assert recording.duration_s == pytest.approx(n_samples / 1000)
        assert sum(n for *_, n in play(recording)) == n_samples

    @pytest.mark.parametrize("share", [0.001, 0.1, 0.5, 0.99])
    def test_a_truncated_file_is_refused_in_one_sentence(self, tmp_path: Path, share: float):
        whole = (EMG / "bsnb_emg_bursts.h5").read_bytes()
        (tmp_path / "cut.h5").write_bytes(whole[: int(len(whole) * share)])
        with pytest.raises(SourceFormatError, match="damaged"):
            open_recording(tmp_path / "cut.h5")

    def test_damage_in_the_middle_gives_samples_or_one_sentence(self, tmp_path: Path):
        whole = (EMG / "bsnb_emg_bursts.h5").read_bytes()
        rng = np.random.default_rng(1)
        for _ in range(10):
            damaged = bytearray(whole)
            for place in rng.integers(8, len(damaged), 200):
                damaged[place] ^= 0xFF
            (tmp_path / "bad.h5").write_bytes(damaged)
            try:
                recording = open_recording(tmp_path / "bad.h5")
                play(recording)
            except DriverError as error:
                assert "damaged" in error.sentence or "holds no samples" in error.sentence  # noqa: PT017


def packed(path: Path) -> bytearray:
    with h5py.File(path, "w") as file:
        group = file.create_group("00:07")
        group.attrs["sampling rate"] = np.int32(1000)
        group.attrs["resolution"] = np.array([16, 16], dtype=np.int32)
        for number in (1, 2):
            values = (np.arange(2000) % 500 + 1).astype("u2")[:, None]
            data = group.create_dataset(f"raw/channel_{number}", data=values, chunks=(500, 1), compression="gzip")
            data.attrs["sensor"], data.attrs["label"] = "EMG", f"A{number}"
    return bytearray(path.read_bytes())


def read_or_refused(path: Path) -> None:
    try:
        recording = open_recording(path)
    except DriverError as error:
        assert "\n" not in error.sentence  # noqa: PT017
        return
    play(recording)
    recording.close()


def test_a_byte_that_makes_hdf5_crash_takes_nobody_along(tmp_path: Path):
    raw = packed(tmp_path / "a.h5")
    raw[16_209] = 87  # HDF5 2.0 ends with a segmentation fault here
    (tmp_path / "a.h5").write_bytes(raw)
    read_or_refused(tmp_path / "a.h5")


@pytest.mark.full
@pytest.mark.timeout(1800)
def test_whatever_the_bytes_there_is_a_recording_or_one_sentence(tmp_path: Path):
    whole = packed(tmp_path / "a.h5")
    rng = np.random.default_rng(1)
    for _ in range(300):  # a process each: more would take hours
        raw = whole.copy()
        place = int(rng.integers(len(raw)))
        match int(rng.integers(3)):
            case 0:
                del raw[place:]
            case 1:
                raw[place:] = bytes(len(raw) - place)
            case _:
                for at in rng.integers(0, len(raw), int(rng.integers(1, 30))):
                    raw[at] = int(rng.integers(256))
        (tmp_path / "a.h5").write_bytes(raw)
        read_or_refused(tmp_path / "a.h5")
