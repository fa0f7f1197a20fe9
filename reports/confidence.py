"""How sure a figure is: one from a source marked C or D never stands on paper without its mark."""

from dataclasses import dataclass

from registry.kernel.vocabulary import Confidence


@dataclass(frozen=True, slots=True)
class Source:
    """Where a figure of a paper comes from: which figure, how sure, and the text that gives it."""

    what: str
    confidence: Confidence
    text: str

    @property
    def doubtful(self) -> bool:
        """Whether the figure must show its mark: C and D must, A and B need not."""
        return self.confidence in (Confidence.c, Confidence.d)
