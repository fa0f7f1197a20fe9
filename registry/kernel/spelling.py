"""One text in several spellings: keyboards here write letters, digits and signs narrow or wide."""

# Full-width forms only: Unicode's compatibility forms would also read 10³ as 103.
_NARROW = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | {0x3000: ord(" ")}
_WIDE = str.maketrans("(),:;", "（），：；")  # as Chinese names of firms and mines write them


def narrow(text: str) -> str:
    """Return a text with its full-width letters, digits and signs as ordinary ones."""
    return text.translate(_NARROW)


def spellings(text: str) -> list[str]:
    """Return how a text may stand in the register: in narrow signs, as typed, with wide punctuation."""
    plain = narrow(text).strip()
    return sorted({plain, text, plain.translate(_WIDE)})
