"""What a person likes: language, look, sound, training. A schema with a standard for every item; pure.

The names are those of the settings file. What a person can hear, see and feel of an item stands in the attributes.
"""

from typing import Annotated, Literal, TypeVar

import msgspec

LanguageChoice = Literal["system", "en", "de"]
ThemeChoice = Literal["system", "dark", "light", "contrast"]
TextPct = Literal[100, 115, 130]
Smoothness = Literal["standard", "plain"]
Percent = Annotated[int, msgspec.Meta(ge=0, le=100)]
TargetPct = Annotated[int, msgspec.Meta(ge=10, le=100)]
DelayMs = Annotated[int, msgspec.Meta(ge=0, le=500)]
DistanceM = Annotated[float, msgspec.Meta(ge=0.6, le=3.0)]

WholePath = Annotated[str, msgspec.Meta(pattern=r"^((/|[A-Za-z]:[\\/]|\\\\)[^\x00-\x1f]*)?\Z")]
"""Half a path would lie wherever the application is started."""

T = TypeVar("T", bound=msgspec.Struct)


class Preferences(msgspec.Struct, frozen=True, omit_defaults=True):
    """What holds for everybody who uses this computer.

    Attributes
    ----------
    language, theme : str
        ``system`` follows the computer.
    text_pct : int
        Size of all text that is not large already, in %.
    volume : int
        Of everything that is heard, in %.
    tone, events, speech : int
        Share of each layer of the sound, in %; 0 switches it off.
    voice : bool
        Whether anything is spoken.
    quiet : bool
        For one earbud: softer, and without the lasting tone.
    delay_ms : int
        How much later headphones sound than they are told to.
    distance_m : float
        From the eyes to the screen in the stage view.
    smoothness : {'standard', 'plain'}
        How the bars follow the muscle: Frame-Bayes, or RMS of 100 ms (design, section 4). The picture alone.
    traces : bool
        Whether the last ten seconds are drawn under the bars.
    person : str
        Code of whoever trained last; empty for nobody in particular.
    programme : str
        What was trained last.
    data_folder : str
        Folder of all recordings; empty for the usual one.
    tour_taken : bool
        The tour is never shown again unasked.
    """

    language: LanguageChoice = "system"
    theme: ThemeChoice = "system"
    text_pct: TextPct = 100
    volume: Percent = 70
    tone: Percent = 100
    events: Percent = 100
    speech: Percent = 100
    voice: bool = True
    quiet: bool = False
    delay_ms: DelayMs = 0
    distance_m: DistanceM = 2.0
    smoothness: Smoothness = "standard"
    traces: bool = True
    person: str = ""
    programme: str = ""
    data_folder: WholePath = ""
    tour_taken: bool = False


class Goal(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where a person's goal line starts.

    Attributes
    ----------
    person : str
        Code; empty for whoever uses this computer without one.
    target_pct : int or None
        In % of the reference; None leaves it to the exercise.
    locked : bool
        Whether the goal stays where it starts, whatever the squeezes are like.
    """

    person: str = ""
    target_pct: TargetPct | None = None
    locked: bool = False


def understood(table: object, kind: type[T]) -> T:
    """Make the schema of a table; what is not of it, or out of its range, is left at the standard.

    Parameters
    ----------
    table : object
        As TOML has it; anything but a table has nothing to be understood.
    kind : type
        A struct whose fields all have a standard.
    """
    made = kind()
    for name, value in table.items() if isinstance(table, dict) else ():
        if name in kind.__struct_fields__:
            try:
                known = msgspec.to_builtins(made)
                made = msgspec.convert({**known, name: value}, kind)
            except msgspec.ValidationError:
                continue
    return made
