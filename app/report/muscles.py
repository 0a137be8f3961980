"""What the page calls the muscles beside the glutes."""

from typing import Final

MUSCLES: Final = {
    "hamstring": "hamstring",
    "erector": "low back",
    "adductor": "inner thigh",
    "tfl": "outer hip",
    "quad": "front thigh",
    "lat": "upper back",
}
