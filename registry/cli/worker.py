"""`registry worker`: does the waiting jobs."""

from registry.cli.common import engine


def worker_command() -> None:
    """Do the waiting jobs until stopped; any number of workers may run, on any machine of the database."""
    from registry.jobs.process import work

    engine()  # tells what is wrong with the database before anything starts
    work()
