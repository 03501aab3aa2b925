"""What goes with overall satisfaction: regression, shares of R², priorities. Association, never cause. Pure."""
