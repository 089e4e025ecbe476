"""What members of a business do with its documents."""

from app.databox.usecases.intake import Received, receive, settle
from app.databox.usecases.keeping import confirm, download, view, withdraw
from app.databox.usecases.reading import read_in_box

__all__ = ["Received", "confirm", "download", "read_in_box", "receive", "settle", "view", "withdraw"]
