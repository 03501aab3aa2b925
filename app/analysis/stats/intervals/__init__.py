"""Every interval of a share or bounded score by name, when to use which, and the words for what was done."""
