"""``python -m app``, and the way in of the command ``glutewake``: loading `app.main` takes a second."""

import gc
import sys


def start() -> int:
    """Run the application; whoever stops it while it still loads, or is about to end, sees no traceback."""
    try:
        gc.disable()  # what is loaded stays: searching it while it grows is a tenth of a start, and later 60 ms at once
        from app.main import main

        gc.freeze()
        gc.enable()
        return main()
    except KeyboardInterrupt:
        if sys.stderr is not None:
            sys.stderr.write("glutewake: Stopped.\n")
        return 1


if __name__ == "__main__":
    sys.exit(start())
