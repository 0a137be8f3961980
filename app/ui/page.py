"""A page of the rail."""

from collections.abc import Callable
from dataclasses import dataclass

from PyQt6.QtWidgets import QWidget

from app.ui.widgets.buttons import IconPainter


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the rail.

    Attributes
    ----------
    name : str
    icon : callable
    widget : QWidget
    header : bool
        Whether the header stands above it, rather than one of its own.
    go_back : callable
        Goes back by one view; False if there is none.
    """

    name: str
    icon: IconPainter
    widget: QWidget
    header: bool = False
    go_back: Callable[[], bool] = lambda: False
