"""Where an officer may do what: the rule stands with the units, because their own pages ask it too."""

from app.units.scope import HasScopes, allowed_unit_ids, require_unit

__all__ = ["HasScopes", "allowed_unit_ids", "require_unit"]
