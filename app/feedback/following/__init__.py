"""What the sender does with number and code: see the case, answer, rate, ask for reopening, prove the receipt."""
