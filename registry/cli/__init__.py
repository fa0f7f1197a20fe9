"""The `registry` command."""

import typer

from registry.cli import (
    accounts,
    alarms,
    book,
    caps,
    common,
    demo,
    output,
    plan,
    report,
    reserves,
    right,
    serve,
    setup,
    verify,
    worker,
)

app = typer.Typer(
    help="矿产资源总量调控与矿业权登记簿",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("init")(setup.init)
app.command("demo")(demo.demo_command)
app.command("serve")(serve.serve_command)
app.command("worker")(worker.worker_command)
app.command("verify")(verify.verify_command)
app.command("check")(book.check_command)
app.command("export")(book.export_command)
for name, sub in (
    ("plan", plan.app),
    ("right", right.app),
    ("output", output.app),
    ("caps", caps.app),
    ("alarms", alarms.app),
    ("reserves", reserves.app),
    ("report", report.app),
    ("user", accounts.user),
    ("token", accounts.token),
    ("job", book.job),
):
    app.add_typer(sub, name=name)


def main() -> None:
    """Run the command line; exit codes are those of the contract."""
    common.run(app)
