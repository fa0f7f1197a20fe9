"""Conditions somebody must look at: open, acknowledged, closed; receded."""
