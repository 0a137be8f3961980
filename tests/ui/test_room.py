"""What has no room is scrolled to, but never away from under somebody's finger."""

import pytest
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QPushButton, QWidget

from app.ui.widgets.room import Room


@pytest.fixture
def room(qtbot) -> Room:
    """A room 100 px high, with a button of which a third is seen; another one has the focus."""
    room = Room(QWidget(), least=(100, 300))
    QPushButton("Back", room.ground).setGeometry(20, 10, 100, 40)
    button = QPushButton("Go on", room.ground)
    button.setObjectName("low")
    button.setGeometry(20, 80, 100, 60)
    qtbot.addWidget(room)
    room.resize(200, 100)
    room.show()
    qtbot.waitExposed(room)
    return room


@pytest.fixture
def low(room: Room) -> QPushButton:
    button = room.findChild(QPushButton, "low")
    assert button is not None
    return button


def test_a_button_of_which_little_is_seen_takes_a_click(room: Room, low: QPushButton):
    clicked: list[bool] = []
    low.clicked.connect(clicked.append)
    at = (Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(60, 90))
    QTest.mousePress(room.windowHandle(), *at)  # type: ignore[call-overload]
    QTest.mouseRelease(room.windowHandle(), *at)  # type: ignore[call-overload]
    assert len(clicked) == 1


def test_what_gets_the_focus_by_a_key_is_scrolled_to(room: Room, low: QPushButton):
    low.setFocus(Qt.FocusReason.TabFocusReason)
    assert low.mapTo(room, QPoint(0, low.height())).y() <= room.height()
