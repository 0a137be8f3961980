"""What the page calls sides, the muscles beside the glutes, and what those do."""

from typing import Final

from app.language import mark

SIDE_WORDS: Final = (mark("left"), mark("right"))
MUSCLES: Final = {
    "hamstring": mark("hamstring"),
    "erector": mark("low back"),
    "adductor": mark("inner thigh"),
    "tfl": mark("outer hip"),
    "quad": mark("front thigh"),
    "lat": mark("upper back"),
}
HELPER_WORDS: Final = (mark("quiet"), mark("working"), mark("eased"), mark("taking over"))
