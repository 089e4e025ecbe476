"""Rules of the data box as arithmetic over values."""
