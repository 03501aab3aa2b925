"""Letters in the form of the state: papers about a case, with and without the identity of its sender."""
