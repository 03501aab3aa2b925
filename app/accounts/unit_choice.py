"""Which unit an officer means: the rule stands with the units, because their own pages ask it too."""

from app.units.unit_choice import UnitChoice, choose_unit

__all__ = ["UnitChoice", "choose_unit"]
