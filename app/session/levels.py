"""``left:52.1,right:60.0``: levels of sites as a person types them, in µV or, without a known gain, in counts."""

from collections.abc import Mapping

from drivers.uri import SITES


class LevelsError(ValueError):
    """The text does not name levels; the message is a sentence for the user."""


def parse_levels(option: str, text: str) -> Mapping[str, float]:
    """Read levels of sites.

    Parameters
    ----------
    option : str
        Name of the option, for the sentence if it fails.
    text : str
        For example ``left:52.1,right:60.0``.

    Returns
    -------
    mapping of str to float
        Greater than zero.

    Raises
    ------
    LevelsError
        With the part that is wrong and what would be right.
    """
    levels: dict[str, float] = {}
    for part in text.split(","):
        site, _, number = part.partition(":")
        if site not in SITES:
            known = ", ".join(f"'{one}'" for one in SITES)  # in quotes they are no words to be translated
            raise LevelsError(f"{option} names the site '{site}'; sites are {known}.")
        try:
            level = float(number)
        except ValueError:
            level = 0.0
        if not 0.0 < level < float("inf"):
            raise LevelsError(f"{option} needs a level above zero after '{site}:', as in left:52.1,right:60.0.")
        if site in levels:
            raise LevelsError(f"{option} names '{site}' twice; name it once.")
        levels[site] = level
    return levels
