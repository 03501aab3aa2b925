"""Children that do not outlive a test run, even one that is killed."""

import shutil


def tied(command: list[str], signal: str = "TERM") -> list[str]:
    """The command, made to get ``signal`` when the process that started it dies (where the system offers that)."""
    program = shutil.which("setpriv")
    return command if program is None else [program, "--pdeathsig", signal, "--", *command]
