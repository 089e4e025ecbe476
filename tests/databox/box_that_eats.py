"""A box whose file wants all memory."""

from app.databox import box

box.readings.read = lambda raw: {"fields": len(b"x" * (2 << 30))}
box.main()
