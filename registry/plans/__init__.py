"""Plan documents: clauses, cap lines, indicators, zones, amendments."""
