"""All words of the check before the first session, of the question about pain, and of what follows from them."""

from typing import Final

from app.session.care import MOST_PAIN, PAIN_LIMIT, CareCheck, CareQuestion

TITLE: Final = "Before the first session"
SUBTITLE: Final = "asked once, and when a plan is opened"
QUESTION: Final = "Does any of this apply to you?"
QUESTIONS: Final[dict[CareQuestion, str]] = {
    "operation": "Operation or injury of hip, knee or back in the last 3 months",
    "new-hip": "A new hip",
    "prone": "Pregnant, or lying on the front is not possible",
    "skin": "Broken or irritated skin, or an allergy to plasters",
    "nerves": "New numbness in the saddle area, a change of bladder or bowel, new weakness in a leg",
}
REMEDIES: Final[dict[CareQuestion, str]] = {
    "operation": "Ask your clinician first. What was hurt may need more time.",
    "new-hip": "Ask your clinician first. Some movements may not be for you yet.",
    "prone": "Ask your clinician first. Another position may be the right one.",
    "skin": "Ask your clinician first. The pads would sit on that skin.",
    "nerves": "See a doctor today. This must not wait, and no session may come before it.",
}
ANY_YES: Final = (
    ("Any yes in 1 to 4:", "ask your clinician first."),
    ("Yes to question 5:", "see a doctor today."),
)
KEPT: Final = "Only yes or no is kept, on this computer. A therapist can clear an answer; that is logged."
DURING: Final = "During every session"
STOP: Final = "Stop on pain, faintness or dizziness. No squeeze has to be as hard as you can."

PAIN_TITLE: Final = {"pain-before": "Before the session", "pain-after": "After the session", "today-ends": "For today"}
PAIN_QUESTION: Final = "How much pain is there now?"
PAIN_ENDS: Final = ("no pain", "the worst pain")
PAIN_HINT: Final = "In the hip, the back, or wherever it hurts. It is kept with the session; you may skip it."
TODAY_ENDS: Final = "Today ends here"
TODAY_ENDS_BEFORE: Final = (
    f"Pain above {PAIN_LIMIT} is no day for training. A rest day keeps everything you have reached.",
    "If it stays, show it to a physiotherapist or doctor.",
)
TODAY_ENDS_AFTER: Final = (
    "Pain rose, or stands high. Take the pads off; what was recorded is kept.",
    "If it stays, show it to a physiotherapist or doctor.",
)


def still_open(check: CareCheck) -> str:
    """What keeps a session from beginning, in few words; empty if nothing does."""
    numbers = [list(QUESTIONS).index(question) + 1 for question in check.open_questions]
    if len(numbers) == 1:
        return f"question {numbers[0]} is open"
    if numbers:
        return f"{len(numbers)} questions are open"
    if check.passed:
        return f"cleared by a therapist on {check.cleared}" if check.yes else ""
    return "see a doctor today" if "nerves" in check.yes else "ask your clinician first"


def pain_keys() -> list[str]:
    """The key of each number from 0 to 10: the digit, and X for ten."""
    return [str(number) for number in range(MOST_PAIN)] + ["X"]
