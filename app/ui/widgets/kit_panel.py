"""The questions about pads and skin: usual answers to press, two numbers and a line to type."""

import itertools
from functools import partial

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtGui import QPainter
from PyQt6.QtWidgets import QWidget

from app.language import _, mark
from app.recording.kit import Kit
from app.ui import kit_words, text
from app.ui.kit_words import CHOICES, MAINS, NUMBERS, TEXTS, KitDraft
from app.ui.text import Run
from app.ui.theme import Colours
from app.ui.widgets.buttons import RING, KeyButton
from app.ui.widgets.entry import Entry
from app.ui.widgets.form_panel import Form, FormPanel

_LEAST_LABEL = 160
_STEP = 56
_ENTRY = 44


class KitPanel(FormPanel["KitForm"]):
    """The questions; ``told`` carries the kit that is to be kept."""

    told = pyqtSignal(object)

    def __init__(self, colours: Colours, parent: QWidget | None = None) -> None:
        super().__init__(KitForm(colours), _(kit_words.TITLE), parent)

    def show_kit(self, kit: Kit) -> None:
        """Show what is known."""
        self.form.show_draft(KitDraft(kit))
        self.fit()

    def keep(self) -> None:
        """Hand on what was told, or say what cannot be understood."""
        kit = self.form.draft.whole()
        if isinstance(kit, str):
            self.refuse(kit)
        else:
            self.told.emit(kit)


class KitForm(Form):
    """What stands in the panel."""

    def __init__(self, colours: Colours) -> None:
        super().__init__(colours, _(kit_words.TITLE))
        self.draft = KitDraft(Kit(sources=()))
        self.answers: dict[str, list[KeyButton]] = {name: [] for name in CHOICES}
        self.entries: dict[str, Entry] = {}
        for name, words in (NUMBERS | TEXTS).items():
            self.entries[name] = entry = Entry(colours, _(words), longest=6 if name in NUMBERS else 80, parent=self)
            entry.textEdited.connect(partial(self._type, name))
        self.mains = [KeyButton(colours, f"{hz:.0f} Hz", "", parent=self) for hz in MAINS]
        for hz, button in zip(MAINS, self.mains, strict=True):
            button.clicked.connect(partial(self._choose_mains, hz))
        self._labels: list[tuple[float, str]] = []

    def show_draft(self, draft: KitDraft) -> None:
        """Show a draft."""
        self.draft, self.refusal = draft, ""
        for name, buttons in self.answers.items():
            for button in buttons:
                button.deleteLater()
            self.answers[name] = [KeyButton(self.colours, _(one), "", parent=self) for one in draft.answers(name)]
            for answer, button in zip(draft.answers(name), self.answers[name], strict=True):
                button.clicked.connect(partial(self._choose, name, answer))
                button.show()
        for name, entry in self.entries.items():
            entry.setText(draft.shown(name))
        self._refresh()
        self.answers["electrode_type"][0].setFocus()

    def _choose(self, name: str, answer: str) -> None:
        self.draft.choose(name, answer)
        self._refresh()

    def _choose_mains(self, hz: float) -> None:
        self.draft.choose_mains(hz)
        self._refresh()

    def _type(self, name: str, typed: str) -> None:
        self.draft.typed[name] = typed

    def _refresh(self) -> None:
        for name, buttons in self.answers.items():
            for answer, button in zip(self.draft.answers(name), buttons, strict=True):
                button.set_label(_(answer), primary=getattr(self.draft.kit, name) == answer)
        for hz, button in zip(MAINS, self.mains, strict=True):
            button.set_label(f"{hz:.0f} Hz", primary=self.draft.kit.mains_hz == hz)
        self.fit(self.width())
        self.update()

    def _place(self, width: int) -> int:
        names = {name: _((NUMBERS | TEXTS).get(name, mark("Mains"))) for name in (*NUMBERS, *TEXTS, "mains")}
        names |= {name: _(words) for name, (words, _usual) in CHOICES.items()}
        longest = max(text.width([Run(words, 16, self.colours.text2)]) for words in names.values())
        label = max(_LEAST_LABEL, round(longest) + 24)
        self._labels = []
        y = 4 + self.refusal_height(width)
        for name in ("electrode_type", *NUMBERS, "reference_place", "skin_preparation", *TEXTS, "mains"):
            self._labels.append((y + 33, names[name]))
            if name in self.entries:
                wide = 120 if name in NUMBERS else min(360, width - label - 8)
                self.entries[name].setGeometry(label, y + 4, wide, _ENTRY)
                y += _STEP
                continue
            buttons = self.answers.get(name, self.mains)
            left = label - RING
            widest = max((button.width() for button in buttons), default=0)
            if left + widest > width:  # beneath its name there is more room
                left, y = 4 - RING, y + 44
            x = left
            for button in buttons:
                if x > left and x + button.width() > width:
                    x, y = left, y + button.height()
                button.move(x, y)
                x += button.width() + 4
            y += _STEP + 4
        order: list[QWidget] = [*self.answers["electrode_type"]]
        order += [self.entries[name] for name in NUMBERS]
        order += [*self.answers["reference_place"], *self.answers["skin_preparation"]]
        order += [*(self.entries[name] for name in TEXTS), *self.mains]
        for before, after in itertools.pairwise(order):
            QWidget.setTabOrder(before, after)
        return y + 12

    def draw(self, painter: QPainter) -> None:
        for y, words in self._labels:
            text.paint(painter, 4, y, [Run(words, 16, self.colours.text2)])
        self.draw_refusal(painter)
