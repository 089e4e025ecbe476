"""What partners' developers can have happen in a test deployment."""

from app.simulation.usecases.clock import JOB as ADVANCE
from app.simulation.usecases.clock import begin_advance, go_on

__all__ = ["ADVANCE", "begin_advance", "go_on"]
