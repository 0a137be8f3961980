"""A page that is made when it is first shown: the window is there sooner, and most sessions never need it."""

from collections.abc import Callable
from typing import Generic, TypeVar

from PyQt6.QtGui import QResizeEvent, QShowEvent
from PyQt6.QtWidgets import QWidget

P = TypeVar("P", bound=QWidget)


class LazyPage(QWidget, Generic[P]):
    """Holds the page.

    Parameters
    ----------
    build : callable
        Makes it, on the parent that it is given.
    """

    def __init__(self, build: Callable[[QWidget], P], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._build = build
        self._page: P | None = None

    @property
    def is_built(self) -> bool:
        """Whether it has been needed yet."""
        return self._page is not None

    @property
    def page(self) -> P:
        """The page, made now if it was not yet."""
        if self._page is None:
            self._page = self._build(self)
            self._page.setGeometry(self.rect())
            self._page.show()
            self.setFocusProxy(self._page)
        return self._page

    def showEvent(self, event: QShowEvent | None) -> None:
        self.page.setGeometry(self.rect())

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        if self._page is not None:
            self._page.setGeometry(self.rect())
