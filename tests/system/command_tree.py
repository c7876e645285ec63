"""The commands of the built program and their options, as its --help shows them: what completion
and manual are compared with. No list of commands stands in a test."""
import re
import subprocess
from dataclasses import dataclass

from harness import PASSERELLE

_OPTION = re.compile(r'^  (?P<names>-[\w,-]+)', re.M)


@dataclass
class Command:
    words: tuple   # behind `passerelle`; () is the program itself
    options: list  # every name of every option
    parts: list    # names of the commands within it


def run(*arguments, language='en', **how):
    return subprocess.run([PASSERELLE, '--lang', language, *arguments], capture_output=True,
                          text=True, timeout=60, check=False, **how)


def commands():
    """The program and every command in it, the outer ones first."""
    found = []
    waiting = [()]
    while waiting:
        command = _command(waiting.pop(0))
        found.append(command)
        waiting += [(*command.words, part) for part in command.parts]
    return found


def _command(words):
    text = run(*words, '--help').stdout
    options = [name for names in _OPTION.findall(text) for name in names.split(',')]
    _, _, listed = text.partition('\nCommands:\n')
    return Command(words, options, re.findall(r'^  ([\w-]+)', listed, re.M))
