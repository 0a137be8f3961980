"""The rest of the placement guide: skin, pads, reference, cables, and how to find the spot again tomorrow.

Sources: SENIAM (pads of at most 10 mm, 20 mm apart, along the fibres, skin preparation, reference over bone); that the
reference must not sit on the ankle that holds the pillow, and the sensor not on what one lies on, follows from the
exercise.
"""

from typing import Final

from app.language import _, mark

CHAPTERS: Final = (mark("Find the spot"), mark("Skin and pads"), mark("Cables, and tomorrow"))

SKIN_AND_PADS: Final = (
    mark("Skin in three steps: shave, rub with alcohol until slightly pink, let it dry."),
    mark("Pads of 10 mm or less, 20 mm from middle to middle, in line with the fibres: down and outwards."),
    mark("Both sides at the same height and as far from the spine. A helper sees it; alone, use a mirror."),
    mark("Press each pad for five seconds, its rim too."),
)
_REFERENCE: Final = mark(
    "The reference goes on bone at the pelvis, as the point of the hip: never on the ankle that holds the pillow."
)
_ONE_REFERENCE: Final = (_REFERENCE, mark("One serves both sides."))
_PAIR: Final = mark(
    "Plus and minus of a channel lie on one cheek. Cable sets differ in colour: their own sheet decides."
)
_LOOP: Final = mark(
    "Lay each cable in a loop and tape it. Keep waistband and sensor case off the pads, and off what you lie on."
)
_TOMORROW: Final = mark("Mark the corners with a skin pen, or photograph them: tomorrow the pads lie there again.")

_DEVICES: Final[dict[str, tuple[tuple[str, ...], ...]]] = {
    "umyo": (
        (
            mark(
                "uMyo: one unit a cheek, all its pads on it and no leads; turn it so that they follow the dashed line."
            ),
        ),
    ),
    "myoware": (
        (
            mark("MyoWare: one board a cheek; its two snaps lie on the muscle, its reference lead goes on bone."),
            _REFERENCE,
        ),
    ),
    "ganglion": ((mark("Ganglion: ground is the pin D_G."), *_ONE_REFERENCE), (_PAIR,)),
    "cyton": ((mark("Cyton: ground is a BIAS pin."), *_ONE_REFERENCE), (_PAIR,)),
    "bitalino": ((mark("BITalino: each EMG sensor has its own reference lead."), _REFERENCE), (_PAIR,)),
    "chords": ((mark("BioAmp: IN+ and IN− lie on the muscle, REF on bone."), _REFERENCE), (_PAIR,)),
    "npg": (("NPG Lite:", *_ONE_REFERENCE), (_PAIR,)),
    "spikerbox": (
        (mark("SpikerBox: two clips lie on the muscle, the third goes on bone."), _REFERENCE), (_PAIR,),
    ),
}  # fmt: skip
"""For each device the steps, a step in sentences."""
_ALIAS: Final = {"umyo+usb": "umyo", "bitalino+ble": "bitalino"}


def steps_of(chapter: int, find: tuple[str, ...], scheme: str) -> tuple[str, ...]:
    """The steps of a chapter.

    Parameters
    ----------
    chapter : int
        Place in `CHAPTERS`.
    find : tuple of str
        How the spot of this muscle is found.
    scheme : str
        Of the source in use; what is not known by name gets what holds for every device with leads.
    """
    if chapter == 0:
        return tuple(map(_, find))
    if chapter == 1:
        return tuple(map(_, SKIN_AND_PADS))
    device = _DEVICES.get(_ALIAS.get(scheme, scheme), (_ONE_REFERENCE, (_PAIR,)))
    return tuple(" ".join(map(_, step)) for step in (*device, (_LOOP,), (_TOMORROW,)))
