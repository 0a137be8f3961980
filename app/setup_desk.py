"""`SetupDesk`: the preferences in force, and what follows at once from a change of them.

Called in the GUI thread; every method returns at once. Language, theme and size of text are read by whoever makes the
window (`app.ui.application`); the sound, the bars and the goal hear of a change here.
"""

from collections.abc import Callable
from typing import Any, Final

import msgspec

from app import language
from app.pipeline.chain import Bars
from app.preferences import Goal, Preferences
from app.settings import Settings
from app.ui.sound import Sound

HEARD: Final = frozenset({"volume", "tone", "events", "speech", "voice", "quiet", "delay_ms"})


class SetupDesk:
    """Keeps the preferences.

    Parameters
    ----------
    settings : Settings
    sound : Sound
    person : callable
        Code of the person in force; empty for nobody in particular.
    save : callable
        Writes the settings some time soon; returns at once.
    bars : Bars, optional
        How the sessions draw them.
    aim : callable
        Tells the running session where the goal of the person starts; returns at once.
    """

    def __init__(
        self,
        settings: Settings,
        sound: Sound,
        *,
        person: Callable[[], str] = str,
        save: Callable[[], None] = lambda: None,
        bars: Bars | None = None,
        aim: Callable[[Goal], None] = lambda goal: None,
    ) -> None:
        self._settings = settings
        self.sound = sound
        self._bars = bars or Bars()
        self._person, self._save, self._aim = person, save, aim
        self._tune(HEARD)

    @property
    def preferences(self) -> Preferences:
        """What is in force."""
        return self._settings.preferences

    @property
    def goal(self) -> Goal:
        """Where the goal of the person in force starts."""
        return self._settings.goal_of(self._person())

    def change(self, **changes: Any) -> None:
        """Change preferences by name; what can be heard or seen of it changes at once.

        Raises
        ------
        msgspec.ValidationError
            If the schema does not know a name, or not that value.
        """
        before = self.preferences
        self._settings.prefer(**changes)
        changed = {name for name in changes if getattr(before, name) != getattr(self.preferences, name)}
        if not changed:
            return
        self._tune(changed)
        if "language" in changed:
            chosen = self.preferences.language
            language.use(language.system_language() if chosen == "system" else chosen)
        self._save()

    def reset(self, name: str) -> None:
        """Bring one preference back to its standard."""
        self.change(**{name: getattr(Preferences(), name)})

    def set_goal(self, **changes: Any) -> None:
        """Change where the goal of the person in force starts, and whether it stays there."""
        goal = msgspec.structs.replace(self.goal, person=self._person(), **changes)
        self._settings.keep_goal(msgspec.convert(msgspec.to_builtins(goal), Goal))
        self._aim(self.goal)
        self._save()

    def aim(self) -> None:
        """Tell a session that has just begun where the goal of the person starts, if that is not the exercise's."""
        if self.goal != Goal(self.goal.person):
            self._aim(self.goal)

    def _tune(self, changed: "frozenset[str] | set[str]") -> None:
        """Let sound and bars be as they are liked."""
        self._bars.plain = self.preferences.smoothness == "plain"
        if not changed & HEARD:
            return
        liked, sound = self.preferences, self.sound
        sound.set_volume(liked.volume / 100)
        for layer in ("tone", "events", "speech"):
            sound.layers[layer] = getattr(liked, layer) / 100
        sound.voice, sound.quiet, sound.delay_ms = liked.voice, liked.quiet, float(liked.delay_ms)
