import subprocess
import sys

CHILD = """
from PyQt6.QtCore import QCoreApplication, qInstallMessageHandler, qWarning
from app.ui.sound.speaker import load

application = QCoreApplication([])
said = []
qInstallMessageHandler(lambda kind, context, message: said.append(message))
load()
assert said == [], said
qWarning(b"heard again")
assert said == ["heard again"], said
"""


def test_nothing_of_python_runs_while_the_system_loads_the_sound_library():
    # In the loader's lock it would wait for the interpreter, whose holder may wait for the loader: for ever.
    child = subprocess.run([sys.executable, "-c", CHILD], capture_output=True, text=True, timeout=30, check=False)
    assert (child.returncode, child.stderr) == (0, "")
