"""Makes heard what no line of a session says: the go of a rhythm, how much is told, and what happened in a set."""

from app.language import _
from app.session.coach import Coach
from app.session.events import Feedback
from app.session.story import Story
from app.session.tick import TICK_S
from app.ui.sound import FeedbackChanged, Go, Sound
from app.ui.sound.delay import GoesAhead
from app.ui.sound.prompts import words_of, words_of_story
from app.ui.story_words import sentences


class Coaching:
    """Looks at the coach after every block; on the thread of the session.

    Parameters
    ----------
    sound : Sound
    """

    def __init__(self, sound: Sound) -> None:
        self._sound = sound
        self._goes = GoesAhead()
        self._feedback: Feedback = "full"
        self._story: Story | None = None
        self._hint: str | None = None
        sound.submit(FeedbackChanged(self._feedback), 0)  # the session before may have ended in a silent check

    def look(self, coach: Coach, decided_ns: int) -> None:
        """Tell what has changed."""
        if coach.feedback != self._feedback:
            self._feedback = coach.feedback
            self._sound.submit(FeedbackChanged(self._feedback), decided_ns)
        newest_s = coach.go_times_s[-1] if coach.go_times_s else None
        t_s = coach.track.n_ticks * TICK_S
        if self._goes.due(t_s, newest_s, coach.next_go_s, self._sound.delay_ms / 1000.0):
            self._sound.submit(Go(), decided_ns)
        guidance = coach.guidance
        if guidance.hints.in_force != self._hint:
            self._hint = guidance.hints.in_force
            text = guidance.hint_text(self._hint)
            if text is not None and not words_of("hint", self._hint):
                self._sound.tell(_(text))  # of a programme of the person's own: nobody recorded it
        story = guidance.story
        if story != self._story:
            self._story = story
            if story is not None:
                self._sound.tell(" ".join(sentences(story)), words_of_story(story))
