"""Pure words and arithmetic: quantities, periods, areas, states and errors; imports nothing of ours."""
