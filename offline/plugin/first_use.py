"""The lock of imports on first use."""

from __future__ import annotations

import threading

ONE_IMPORT = threading.RLock()
"""Held by a thread that imports on first use. The plugin answers in many threads; Python keeps them from one another with a lock for each module, and where
these wait for each other in a circle it hands out a module that another thread is still filling (`cannot import name`)."""
