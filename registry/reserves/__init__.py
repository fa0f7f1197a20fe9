"""The reserve ledger."""
