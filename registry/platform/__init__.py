"""Machinery under every area: database, audit chain, clock, idempotency, jobs, files."""
