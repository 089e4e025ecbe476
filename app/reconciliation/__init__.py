"""What others say of our money against what our book says, and what two people decide about the rest."""
