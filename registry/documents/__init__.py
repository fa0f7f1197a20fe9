"""The only bridge to reports/: reads, builds frozen data, prints."""
