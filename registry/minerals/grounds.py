"""What a derived scale class rests on, in the office's words; the same on pages and on paper."""

from registry.kernel.density import Density
from registry.kernel.display import office
from registry.kernel.quantity import Mass, Quantity, Volume, of_kind
from registry.minerals.rules import Classified


def grounds(found: Classified, scale: Quantity | None, density: Density | None) -> list[str]:
    """Return what a reader of the class must know: an assumed line, a conversion."""
    told = [f"分级表未列该矿种，比照“{found.line.name}”"] if found.line.assumed else []
    if found.converted and density is not None and isinstance(scale, Mass | Volume):
        other = density.volume(scale) if isinstance(scale, Mass) else density.mass(scale)
        told.append(f"体积质量 {density} t/m³，折 {office(_rounded(other))}/年")
    return told


def _rounded(quantity: Quantity) -> Quantity:
    """Round a converted figure to 10 t or 10 m³, half-even: it shows a comparison, it is not booked."""
    step = 10**7 if isinstance(quantity, Mass) else 10**4
    return of_kind(quantity.kind, round(quantity.base, -len(str(step)) + 1))
