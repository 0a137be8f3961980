from typing import cast

from app.ui.bridge import Bridge
from app.ui.post_box import PostBox


class Heard:
    """In the place of a bridge."""

    def __init__(self) -> None:
        self.sentences: list[str] = []

    def post_fault(self, sentence: str) -> None:
        self.sentences.append(sentence)


def test_what_was_told_before_there_is_a_window_is_handed_on_in_its_order():
    box, heard = PostBox(), Heard()
    box.put(lambda bridge: bridge.post_fault("The disk is full."))
    box.put(lambda bridge: bridge.post_fault("The battery is low."))
    box.open(cast(Bridge, heard))
    box.put(lambda bridge: bridge.post_fault("The sensor is gone."))

    assert heard.sentences == ["The disk is full.", "The battery is low.", "The sensor is gone."]


def test_what_is_told_while_it_is_handed_on_comes_after_it():
    box, heard = PostBox(), Heard()

    def first(bridge: Bridge) -> None:
        box.put(lambda bridge: bridge.post_fault("third"))
        bridge.post_fault("first")

    box.put(first)
    box.put(lambda bridge: bridge.post_fault("second"))
    box.open(cast(Bridge, heard))

    assert heard.sentences == ["first", "second", "third"]
