"""Django's commands, for the person at the terminal: tables made when needed, sentences instead of tracebacks."""

import os
import select
import sys
from pathlib import Path

from django.apps import apps
from django.core.management import ManagementUtility, get_commands
from django.core.management.base import BaseCommand
from django.db import OperationalError

from config import tables

ROOT = Path(__file__).resolve().parent.parent
# Django's own that look into tables; all of our apps do, unless the command says needs_tables = False.
NEED_TABLES = {"changepassword", "clearsessions", "createsuperuser", "dumpdata", "loaddata", "shell"}
HELP = {"-h", "--help", "--version"}


class CommandLine(ManagementUtility):
    """Any command may be the first to be run."""

    def fetch_command(self, subcommand: str) -> BaseCommand:
        command = super().fetch_command(subcommand)
        if self.argv[1] == subcommand and HELP.isdisjoint(self.argv) and needs_tables(subcommand, command):
            tables.make_current(change_given=False)
        return command


def run(argv: list[str]) -> None:
    """Run one command. Ends the process with a sentence where the database cannot be used."""
    try:
        CommandLine(argv).execute()
        sys.stdout.flush()
    except tables.TablesError as error:
        sys.exit(str(error))
    except OperationalError as error:
        if not tables.lets_nobody_in(error):
            raise
        sys.exit(tables.in_words(error))
    except BrokenPipeError:
        if not _nobody_reads():
            raise
        sys.exit(141)  # as a program that the system ends for writing where nobody reads


def needs_tables(name: str, command: BaseCommand) -> bool:
    if name in NEED_TABLES:
        return True
    ours = {config.name for config in apps.get_app_configs() if Path(config.path).parent == ROOT}
    return get_commands().get(name) in ours and getattr(command, "needs_tables", True)


def _nobody_reads() -> bool:
    """Whether who read our output has gone (… | head); what is left of it is then thrown away."""
    gone = [stream.fileno() for stream in (sys.stdout, sys.stderr) if _is_broken(stream.fileno())]
    for number in gone:
        os.dup2(os.open(os.devnull, os.O_WRONLY), number)
    return bool(gone)


def _is_broken(number: int) -> bool:
    """Asked of the system, as a stream that has written all it had would say nothing."""
    poll = select.poll()
    poll.register(number, select.POLLOUT)
    return any(event & (select.POLLERR | select.POLLHUP) for _, event in poll.poll(0))
