"""The line that long verbs show on a terminal, and nowhere else."""

import os
import pty
import subprocess
import sys

PROGRAM = """
import time
from kjpoll.cli.progress import working
with working("Comparing"):
    time.sleep(0.3)
print("done")
"""


def test_a_terminal_shows_what_is_done_and_nothing_of_it_is_left(tmp_path):
    terminal, end = pty.openpty()
    done = subprocess.run([sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, stderr=end, text=True,
                          env=os.environ | {"TERM": "xterm", "COLUMNS": "80"}, check=False)  # fmt: skip
    os.close(end)
    shown = os.read(terminal, 10_000).decode()
    os.close(terminal)
    assert "Comparing" in shown and shown.rstrip().endswith("\x1b[2K")
    assert done.stdout == "done\n"


def test_without_a_terminal_there_is_nothing():
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("done\n", "")
