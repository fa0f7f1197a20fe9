"""The only way to add or change a right: rights, caps and reserves in one act."""
