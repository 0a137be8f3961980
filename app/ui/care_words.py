"""All words of the check before the first session, of the question about pain, and of what follows from them."""

from typing import Final

from app.language import _, mark
from app.session.care import MOST_PAIN, CareCheck, CareQuestion

TITLE: Final = mark("Before the first session")
SUBTITLE: Final = mark("asked once, and when a plan is opened")
QUESTION: Final = mark("Does any of this apply to you?")
QUESTIONS: Final[dict[CareQuestion, str]] = {
    "operation": mark("Operation or injury of hip, knee or back in the last 3 months"),
    "new-hip": mark("A new hip"),
    "prone": mark("Pregnant, or lying on the front is not possible"),
    "skin": mark("Broken or irritated skin, or an allergy to plasters"),
    "nerves": mark("New numbness in the saddle area, a change of bladder or bowel, new weakness in a leg"),
}
REMEDIES: Final[dict[CareQuestion, str]] = {
    "operation": mark("Ask your clinician first. What was hurt may need more time."),
    "new-hip": mark("Ask your clinician first. Some movements may not be for you yet."),
    "prone": mark("Ask your clinician first. Another position may be the right one."),
    "skin": mark("Ask your clinician first. The pads would sit on that skin."),
    "nerves": mark("See a doctor today. This must not wait, and no session may come before it."),
}
ANY_YES: Final = (
    (mark("Any yes in 1 to 4:"), mark("ask your clinician first.")),
    (mark("Yes to question 5:"), mark("see a doctor today.")),
)
KEPT: Final = mark("Only yes or no is kept, on this computer. A therapist can clear an answer; that is logged.")
DURING: Final = mark("During every session")
STOP: Final = mark("Stop on pain, faintness or dizziness. No squeeze has to be as hard as you can.")

PAIN_TITLE: Final = {
    "pain-after": mark("After the session"),
    "effort-after": mark("After the session"),
    "today-ends": mark("For today"),
}
PAIN_QUESTION: Final = mark("How much pain is there now?")
EFFORT_QUESTION: Final = mark("How hard was it?")
EFFORT_ENDS: Final = (mark("no effort at all"), mark("as hard as possible"))
EFFORT_HINT: Final = mark("The whole session taken together. It is kept with the session; you may skip it.")
PAIN_ENDS: Final = (mark("no pain"), mark("the worst pain"))
PAIN_HINT: Final = mark("In the hip, the back, or wherever it hurts. It is kept with the session; you may skip it.")
TODAY_ENDS: Final = mark("Today ends here")
TODAY_ENDS_BEFORE: Final = (
    mark("Pain above {limit} is no day for training. A rest day keeps everything you have reached."),
    mark("If it stays, show it to a physiotherapist or doctor."),
)
TODAY_ENDS_AFTER: Final = (
    mark("Pain rose, or stands high. Take the pads off; what was recorded is kept."),
    mark("If it stays, show it to a physiotherapist or doctor."),
)


def still_open(check: CareCheck) -> str:
    """What keeps a session from beginning, in few words; empty if nothing does."""
    numbers = [list(QUESTIONS).index(question) + 1 for question in check.open_questions]
    if len(numbers) == 1:
        return _("question {number} is open", number=numbers[0])
    if numbers:
        return _("{n} questions are open", n=len(numbers))
    if check.passed:
        return _("cleared by a therapist on {cleared}", cleared=check.cleared) if check.yes else ""
    return _("see a doctor today") if "nerves" in check.yes else _("ask your clinician first")


def pain_keys() -> list[str]:
    """The key of each number from 0 to 10: the digit, and X for ten."""
    return [str(number) for number in range(MOST_PAIN)] + ["X"]
