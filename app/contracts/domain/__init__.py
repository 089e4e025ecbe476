"""Pure contract rules: what was agreed, the cost sheet, the contract's text, states and facts that refuse."""
