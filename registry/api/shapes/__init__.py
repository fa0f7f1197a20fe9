"""The shapes of what the API takes and gives; what they mean is judged below."""
