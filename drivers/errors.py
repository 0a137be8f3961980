"""What can go wrong with a source, as one sentence for the user and one detail for the developer.

::

    UserFacingError              (also the base of what recording, history and report raise)
    └── DriverError
        ├── SourceUriError       the --source text is wrong            (exit code 2)
        ├── SourceNotFoundError  no such file, port or device
        ├── SourceBusyError      somebody else holds it, or no permission
        ├── SourceFormatError    it is there, but it is not what was expected
        └── SourceLostError      it was there and went away for good
"""


class UserFacingError(Exception):
    """Something cannot be done, and the user is told why.

    Parameters
    ----------
    sentence : str
        What is wrong and what to do, in one sentence that any user understands.
    detail : str
        What a developer wants to know; goes to the log, never to the screen.
    """

    def __init__(self, sentence: str, detail: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.detail = detail


class DriverError(UserFacingError):
    """A source cannot be used."""


class SourceUriError(DriverError):
    """The text that names the source is wrong."""


class SourceNotFoundError(DriverError):
    """The named file, port or device does not exist."""


class SourceBusyError(DriverError):
    """The source exists, but it is held by another program or not permitted to this user."""


class SourceFormatError(DriverError):
    """The source exists, but its content is not what it should be."""


class SourceLostError(DriverError):
    """The source was there and went away for good."""
