"""The job that prints a paper, laid out in the child of whoever does the job."""

from typing import Any

from registry.documents.rules import Order
from registry.documents.service import issue
from registry.jobs.printer import print_sheet
from registry.kernel.vocabulary import DocumentKind
from registry.platform.jobs import Running


def print_document(job: Running) -> dict[str, Any]:
    """Print the paper that a job orders; tell its number."""
    given = job.given
    order = Order(DocumentKind(given["kind"]), given["subject"], given["year"], given.get("edition", ""))
    return {"document": issue(job.engine, order, job.actor, print_sheet)}
