"""How good a questionnaire is: reliability, factors, ceiling, floor and straight-lining. Pure."""
