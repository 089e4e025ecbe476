"""What only a test deployment has: a clock that partners move on, and customers who act when partners ask."""
