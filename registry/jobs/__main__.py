"""`python -m registry.jobs`: the worker that a server keeps as its child."""

from registry.jobs.process import work

if __name__ == "__main__":
    work(as_child=True)
