"""What people do at the desk again and again, and what stands in the book afterwards."""

from playwright.sync_api import Page
from sqlmodel import select

from registry.output.models import OutputReturn
from registry.platform.db import reader
from registry.rights.models import MineralRight
from tests.browser.desk import Desk


def fill_return(page: Page, right: str, period: str, quantity: str, unit: str = "万吨") -> None:
    """Fill the form for a return."""
    for name, value in {"right": right, "period": period, "quantity": quantity, "unit": unit}.items():
        page.fill(f"#field-{name}", value)


def preview(page: Page) -> None:
    """Ask what the return will do, and wait for the answer."""
    page.click("button[value=preview]")
    page.wait_for_selector("#preview-title")


def revisions(desk: Desk, right: str, period: str) -> int:
    """Count what the book holds of the returns of a right for a period."""
    statement = (
        select(OutputReturn)
        .join(MineralRight, MineralRight.id == OutputReturn.right_id)  # type: ignore[arg-type]
        .where(MineralRight.number == right, OutputReturn.period == period)
    )
    with reader(desk.engine) as session:
        return len(session.exec(statement).all())
