"""Orders of partners' shops that a loan pays, and the merchants who are paid."""
