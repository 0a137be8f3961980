"""``python -m app``, and the way in of the command ``glutewake``: loading `app.main` takes a second."""

import sys


def start() -> int:
    """Run the application; whoever stops it while it still loads, or is about to end, sees no traceback."""
    try:
        from app.main import main

        return main()
    except KeyboardInterrupt:
        if sys.stderr is not None:
            sys.stderr.write("glutewake: Stopped.\n")
        return 1


if __name__ == "__main__":
    sys.exit(start())
