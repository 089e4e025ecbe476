"""A box whose file never ends."""

import threading

from app.databox import box

box.readings.read = lambda raw: threading.Event().wait()  # a program of its own, nothing else runs here
box.main()
