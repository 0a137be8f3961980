"""Read every prompt aloud with espeak-ng: ``python -m scripts.make_prompts``; the product itself never needs it.

Texts come from `app.ui.sound.prompts` in each language, so that the spoken word is the written one. What was read is
kept beside the recordings (``texts.json``), and a test compares it with the texts of today.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import wave
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.signal import resample_poly

from app.language import LANGUAGES, Language, use
from app.ui.sound.prompts import RECORDED_SFREQ, TEXTS, limit_s, names, text
from scripts import translate

Float64Array = npt.NDArray[np.float64]

FOLDER: Final = Path(__file__).resolve().parents[1] / "assets" / "prompts"
VOICES: Final[dict[Language, str]] = {"en": "en-us", "de": "de"}
WORDS_A_MINUTE: Final = (175, 195, 215, 235, 255)
"""The first pace at which a text fits between two squeezes."""
RMS: Final = 0.15
"""Loudness of the voiced parts, the same for every prompt; full scale is 1."""
PEAK: Final = 0.9
SILENT_BELOW: Final = 0.02
"""Share of the peak below which a recording counts as silence at its ends."""
MARGIN_S: Final = 0.008
FADE_S: Final = 0.004


def main(argv: Sequence[str] | None = None) -> int:
    """Make the recordings of every language, or of those named."""
    assert __doc__ is not None
    parser = argparse.ArgumentParser(prog="make_prompts", description=__doc__.splitlines()[0])
    parser.add_argument("languages", nargs="*", choices=[[], *LANGUAGES], help="all by default")
    languages: list[Language] = parser.parse_args(argv).languages or list(LANGUAGES)
    if shutil.which("espeak-ng") is None:
        print("espeak-ng is not installed (Debian: apt-get install espeak-ng)", file=sys.stderr)
        return 1
    for language in languages:
        missing = untranslated(language)
        if missing:
            print(f"{language}: not translated yet: {', '.join(missing)}", file=sys.stderr)
            return 1
        n_bytes, seconds = make(language)
        print(f"{language}: {len(names())} prompts, {seconds:.1f} s, {n_bytes / 1e6:.2f} MB")
    return 0


def untranslated(language: Language) -> list[str]:
    """Texts without a translation; English needs none."""
    if language == "en":
        return []
    missing = set(translate.untranslated(translate.updated(language)))
    return [text for text in TEXTS.values() if text in missing]


def make(language: Language) -> tuple[int, float]:
    """Make one language; returns bytes and seconds."""
    use(language)
    folder = FOLDER / language
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    read = {name: text(name) for name in names()}
    n_bytes, seconds = 0, 0.0
    for name, words in read.items():
        samples = in_time(name, words, language)
        path = folder / f"{name}.wav"
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RECORDED_SFREQ)
            file.writeframes(np.round(samples * 32767).astype("<i2").tobytes())
        n_bytes += path.stat().st_size
        seconds += len(samples) / RECORDED_SFREQ
    table = json.dumps(read, ensure_ascii=False, indent=1)
    (folder / "texts.json").write_text(table + "\n", encoding="utf-8")
    return n_bytes, seconds


def in_time(name: str, words: str, language: Language) -> Float64Array:
    """Read a text no faster than its time asks for; shape (n_frames,), within ±1."""
    for pace in WORDS_A_MINUTE:
        samples = read_aloud(words, language, pace)
        if len(samples) / RECORDED_SFREQ <= limit_s(name):
            return samples
    raise SystemExit(f"{language}: {words!r} takes longer than {limit_s(name):.2f} s: a shorter text is needed")


def read_aloud(words: str, language: Language, words_a_minute: int) -> Float64Array:
    """Read a text, cut the silence off its ends and bring it to the common loudness; shape (n_frames,), within ±1."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "read.wav"
        command = ["espeak-ng", "-v", VOICES[language], "-s", str(words_a_minute), "-w", str(path), "--", words]
        subprocess.run(command, check=True, timeout=30)
        with wave.open(str(path)) as file:
            sfreq = file.getframerate()
            samples = np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(np.float64) / 32768.0
    samples = resample_poly(samples, RECORDED_SFREQ, sfreq)
    loud = np.flatnonzero(np.abs(samples) > SILENT_BELOW * np.max(np.abs(samples)))
    margin = round(MARGIN_S * RECORDED_SFREQ)
    samples = samples[max(0, loud[0] - margin) : loud[-1] + margin]
    n_fade = round(FADE_S * RECORDED_SFREQ)
    fade = np.linspace(0.0, 1.0, n_fade)
    samples[:n_fade] *= fade
    samples[-n_fade:] *= fade[::-1]
    voiced = samples[np.abs(samples) > SILENT_BELOW]
    samples *= RMS / np.sqrt(np.mean(voiced**2))
    return samples * min(1.0, PEAK / float(np.max(np.abs(samples))))


if __name__ == "__main__":
    sys.exit(main())
