"""What no line of a session says, made heard: feedback, goes that leave ahead, and the story of a set."""

from types import SimpleNamespace

from app.session.story import Joining, Story
from app.ui.sound import FeedbackChanged, Go, Sound
from app.ui.sound.coaching import Coaching

STORY = Story(
    set_number=1, n=20, sides={"left": Joining(14, 20, 12), "right": Joining(20, 20, 3)}, about="left", lag_ms=None,
    later=None, lsi_pct=None, weaker=None, n_together=9, woke_at=None, hint=None, next="go-on", each=(),
)  # fmt: skip


HINTS = {"like-a-drawer": "Close it like a drawer", "softer": "Press half as hard"}


class Notebook(Sound):
    def __init__(self):
        super().__init__()
        self.told: list[object] = []

    def submit(self, event, decided_ns):
        self.told.append(event)

    def tell(self, text, words=()):
        self.told.append((text, words))


class Coach:
    """What is looked at of a coach."""

    def __init__(self):
        self.feedback = "full"
        self.go_times_s: list[float] = []
        self.next_go_s: float | None = None
        self.track = SimpleNamespace(n_ticks=0)
        self.guidance = SimpleNamespace(
            story=None, hints=SimpleNamespace(in_force=None), hint_text=lambda hint: HINTS.get(hint)
        )

    def at(self, t_s):
        self.track.n_ticks = round(t_s / 0.005)
        return self


def looked(sound, coach, *times_s):
    coaching = Coaching(sound)
    sound.told.clear()
    for t_s in times_s:
        coaching.look(coach.at(t_s), 0)
    return sound.told


def test_every_session_begins_with_full_feedback():
    sound = Notebook()
    Coaching(sound)
    assert sound.told == [FeedbackChanged("full")]


def test_a_change_of_feedback_is_told_once():
    coach = Coach()
    coach.feedback = "none"
    assert looked(Notebook(), coach, 1.0, 2.0) == [FeedbackChanged("none")]


def test_a_go_leaves_ahead_by_the_delay_of_the_headphones():
    sound, coach = Notebook(), Coach()
    coach.next_go_s = 4.0
    sound.delay_ms = 200.0
    assert looked(sound, coach, 3.7) == []
    assert looked(sound, coach, 3.81, 3.9) == [Go()]


def test_the_story_of_a_set_is_told_once_and_with_what_prompts_say_of_it():
    coach = Coach()
    coach.guidance.story = STORY
    ((text, words),) = looked(Notebook(), coach, 1.0, 2.0)
    assert text.startswith("Left joined in 14 of 20 squeezes, best in number 12.")
    assert words == ("left", "joined-in", "number-14", "of", "number-20")


def test_a_hint_of_a_programme_of_ones_own_is_told_in_its_words_and_a_recorded_one_is_not_told_twice():
    coach = Coach()
    coach.guidance.hints.in_force = "like-a-drawer"
    assert looked(Notebook(), coach, 1.0, 2.0) == [("Close it like a drawer", ())]
    coach.guidance.hints.in_force = "softer"
    assert looked(Notebook(), coach, 3.0) == []
