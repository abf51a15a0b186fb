"""Set-up and demo: what runs before, and around, the project itself.

Everything that `make setup` needs is standard library: it runs with the system's Python, before there is a virtual environment.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - set-up runs with whatever `python3` the machine has
    sys.exit(f"Python 3.11 or newer is needed; {sys.executable} is {sys.version.split()[0]}. Name another: make setup PYTHON=python3.12")
