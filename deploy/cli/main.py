"""The command `lianfang`."""

from __future__ import annotations

import importlib
import os
import sys

import click
from pydantic import ValidationError

GROUPS: dict[str, dict[str, tuple[str, str]]] = {
    "The local stack": {
        "up": ("deploy.cli.stack:up", "Start Kafka and a schema registry on this machine."),
        "down": ("deploy.cli.stack:down", "Stop them; the data stays."),
        "status": ("deploy.cli.stack:status", "Say what runs, and where."),
        "settings": ("deploy.cli.stack:settings", "Print every setting, its value and how to change it."),
    },
    "The bus": {
        "topics": ("deploy.cli.topics:topics", "Compare the broker with the contract, and make it so."),
        "acls": ("deploy.cli.acls:acls", "Let the broker allow what is granted, and nothing else."),
        "worker": ("deploy.cli.worker:worker", "Run the stages of the path."),
        "publish": ("deploy.cli.publish:publish", "Publish the records of files."),
        "serve": ("deploy.cli.serve:serve", "Take records over HTTP."),
        "outpost": ("deploy.cli.outpost:outpost", "Village clinics: text messages, small files, answers."),
        "replay": ("deploy.cli.replay:replay", "Understand a source anew after its file was corrected."),
        "clock": ("deploy.cli.clock:clock", "Let time pass on the bus: records expire, tasks are late."),
        "deliver": ("deploy.cli.deliver:deliver", "Deliver releases to the agencies' webhooks."),
    },
    "What is on it": {
        "cases": ("deploy.cli.cases:cases", "List linked cases, show one, or who may have infected it."),
        "clusters": ("deploy.cli.clusters:clusters", "Cases who hang together: generations and sizes."),
        "tasks": ("deploy.cli.tasks:tasks", "Who has to do what by when; say what became of it."),
        "measures": ("deploy.cli.measures:measures", "Measures on people: in force, refused, refused too often."),
        "border": ("deploy.cli.border:border", "Who came in by which port, and whose stay is over."),
        "supervision": ("deploy.cli.supervision:supervision", "Complaints and their due answers; closures without a decision."),
        "isolation": ("deploy.cli.isolation:isolation", "Who is to stay apart, until when and why; who was let go."),
        "statistics": ("deploy.cli.statistics:statistics", "Counts by region, as of any moment, and whether they add up."),
        "signals": ("deploy.cli.signals:signals", "Early warning: what is too many, who is silent, clusters."),
        "notices": ("deploy.cli.notices:notices", "What the public and residents are told, in Chinese and English."),
        "supplies": ("deploy.cli.supplies:supplies", "What places have and for how long; what to send where."),
        "needs": ("deploy.cli.needs:needs", "What people need, who serves it, and what nobody has."),
        "handover": ("deploy.cli.handover:handover", "Give a case to another county: offer, accept, refuse."),
        "rejects": ("deploy.cli.rejects:rejects", "List, show and repair refused records."),
        "trace": ("deploy.cli.trace:trace", "Show every hop of one record."),
        "reconcile": ("deploy.cli.reconcile:reconcile", "Check that nothing was lost or counted twice."),
    },
    "Staff": {
        "staff": ("deploy.cli.staff:staff", "Who may decide and look at what, and their keys."),
    },
    "Levels": {
        "areas": ("deploy.cli.areas:areas", "List, declare, approve and end risk areas."),
        "levels": ("deploy.cli.levels:levels", "List, show, propose, approve and end the level in force in a region."),
    },
    "Agencies": {
        "releases": ("deploy.cli.releases:releases", "What was released, and who has not confirmed it."),
        "agencies": ("deploy.cli.agencies:agencies", "Check, explain, compare, try and approve what agencies receive."),
    },
    "People": {
        "identity": ("deploy.cli.identity:identity", "Tell which records are of one person, and decide where it is open."),
    },
    "Residents": {
        "resident": ("deploy.cli.resident:resident", "Everything that is held about one person, for that person."),
    },
    "Keys": {
        "erase": ("deploy.cli.erase:erase", "Erase a person: take everything back, and destroy the keys."),
        "vault": ("deploy.cli.vault:vault", "Say how many keys of persons there are, and wrap them anew."),
        "tokens": ("deploy.cli.tokens:tokens", "Renew the secret of tokens, and carry over what stands."),
    },
    "Proving it": {
        "log": ("deploy.cli.log:log", "The log that can be proved: run it, take proofs away."),
        "verify": ("deploy.cli.verify:verify", "Prove what is in a bundle, without any broker."),
        "witness": ("deploy.cli.witness:witness", "Sign the log's checkpoints for an agency while they only grow."),
    },
    "Trying it": {
        "try": ("deploy.cli.try_:try_", "Run the path over files in memory, without a broker."),
        "drill": ("deploy.cli.drill:drill", "Play a story to which people react, and report how fast they were."),
        "scenario": ("deploy.cli.scenario:scenario", "Stories, played on a real broker as a timeline."),
        "simulate": ("deploy.cli.simulate:simulate", "Write the records of an invented outbreak."),
        "demo": ("deploy.cli.demo:demo", "All of it: an invented outbreak from connectors to agencies."),
    },
}


class Lianfang(click.Group):
    """Finds commands in the table, and imports a command's module only when it runs."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """All names, in the order of the table."""
        return [name for commands in GROUPS.values() for name in commands]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of a name."""
        for commands in GROUPS.values():
            if cmd_name in commands:
                module, attribute = commands[cmd_name][0].split(":")
                found: click.Command = getattr(importlib.import_module(module), attribute)
                return found
        return None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The table, group by group."""
        for group, commands in GROUPS.items():
            with formatter.section(group):
                formatter.write_dl([(name, says) for name, (_, says) in commands.items()])


@click.group(cls=Lianfang, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
def lianfang() -> None:
    """联防 Lianfang: an event-driven bus on which health agencies share one view of a case.

    \b
    First:   lianfang demo            everything at once, with invented people
    By hand: lianfang up              a broker and a registry on this machine
             lianfang topics apply    the topics of the contract
             lianfang worker          the path (leave it running, use another terminal)
             lianfang simulate --out outbreak/
             lianfang publish scan-code outbreak/scan-code.jsonl
             lianfang cases list

    Every command takes --help; those that show something take --json.
    Settings come from the environment: `lianfang settings` lists them.
    """  # noqa: D301 - the control character itself, click's mark for a paragraph to leave as it is
    if drill := os.environ.get("LIANFANG_DRILL"):
        click.secho(f"DRILL 演练 {drill}: nothing of this is real 以下均为演练，非真实数据", err=True, bold=True, fg="yellow")


def main() -> None:
    """Run; what a person can mend is told without a traceback, and exits with 1."""
    from deploy.cli.output import Problem, expected
    from deploy.operate.cores import without_cores

    without_cores()
    try:
        code = lianfang(prog_name="lianfang", standalone_mode=False)  # click gives back the code of `raise Exit(code)`
    except click.Abort:
        sys.exit(130)
    except click.ClickException as problem:
        problem.show()
        sys.exit(problem.exit_code)
    except Problem as problem:
        click.echo(f"lianfang: {problem}", err=True)
        sys.exit(problem.code)
    except ValidationError as error:
        if error.title != "Settings":
            raise
        for wrong in error.errors():
            click.echo(f"lianfang: LIANFANG_{'_'.join(map(str, wrong['loc'])).upper()}: {wrong['msg']}; unset it to see `lianfang settings`", err=True)
        sys.exit(1)
    except expected() as problem:
        click.echo(f"lianfang: {problem}", err=True)
        sys.exit(1)
    sys.exit(code if isinstance(code, int) else 0)


if __name__ == "__main__":
    main()
