"""The one page about a session: what was done, what the sides did, how far to trust it, what comes next.

One painting (`page`) makes the HTML file and the PDF file. No widgets: QtGui and QtSvg alone, without a display.
"""

import os

# Qt orders the fonts of a PDF by the hash of their names, and reads its seed once, before anything of it is used.
os.environ.setdefault("QT_HASH_SEED", "0")
