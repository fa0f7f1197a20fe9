"""The job that prints a batch: each paper by itself, then the archive; killed or cancelled, it goes on."""

from typing import Any

from registry.documents.service import bundle, given_batch, print_batch
from registry.jobs.printer import print_sheet
from registry.platform.jobs import Running


def print_papers(job: Running) -> dict[str, Any]:
    """Print the papers that a job orders, those that still hold excepted, and keep their archive."""
    batch = given_batch(job.given)
    lines, total = [], len(batch.orders) + len(batch.absent)
    job.progress(0, total)
    for done, line in enumerate(print_batch(job.engine, batch, job.actor, print_sheet), start=1):
        lines.append(line)
        job.progress(done, total, line.number or line.subject)
    digest, size = bundle(f"batch-{job.id}", batch, lines, lambda: job.progress(total, total, "ZIP"))
    papers = sum(1 for line in lines if line.number)
    return {"archive": digest, "size": size, "papers": papers, "refused": total - papers}
