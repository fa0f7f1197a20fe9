"""What every letter says beside its own tables: to whom, what is told, what is asked, who signs."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Letter:
    """The text of a letter in whole paragraphs; number of despatch and seal are the office's to give."""

    to: str
    says: tuple[str, ...]
    asks: tuple[str, ...]
    sender: str
