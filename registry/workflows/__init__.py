"""Acts that span areas: adopting a plan, the nightly job, the check of the book."""
