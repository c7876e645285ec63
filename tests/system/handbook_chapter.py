"""The chapters of the handbook as a test reads them.

    ```console    `$ command`, and under it what it says: standard output and error together
    ```page       lines that the status page has, in this order
    ```log        lines that the running gateway writes, in this order
    ```message    texts of the program that no test can bring about: its catalogue has them
    <!-- box: event -->   what happens to the box there, which a reader does not see
    <!-- exit: N -->      before a block: with which status its last command ends, if not with 0

`…` stands for anything, also for nothing. Where lines are broken does not count, for the program
breaks them at the width of names and ports. Before `echo $?` a command ends as it wants. SECRET
stands for a password or a key of this box: what was shown in its place is what it means in the
commands that follow.
"""
import re
from dataclasses import dataclass, field
from pathlib import Path

ANYTHING = '…'
SECRET = 'SECRET'
_LINK = re.compile(r'\]\(([\w-]+(?:\.fr)?\.md)\)')
_FENCE = re.compile(r'^```(\w*)\s*$')
_EVENT = re.compile(r'^<!-- box: ([a-z-]+) -->$')
_EXIT = re.compile(r'^<!-- exit: (\d+) -->$')
_HEADING = re.compile(r'^##? (.+)$')


@dataclass
class Step:
    kind: str  # console, page, log, message or event
    line: int
    section: str
    command: str = ''  # or the event
    expected: list = field(default_factory=list)
    status: int = 0

    @property
    def text(self):
        return '\n'.join(self.expected)


def chapters_of(index):
    """The paths of the chapters, in the order in which an index links to them."""
    index = Path(index)
    names = dict.fromkeys(_LINK.findall(index.read_text()))
    return [index.parent / name for name in names if not name.startswith('README')]


def steps_of(text):
    """What a chapter has to be done and seen, in order."""
    steps, section, fence, status = [], '', None, 0
    for number, line in enumerate(text.splitlines(), 1):
        if opened := _FENCE.match(line):
            if fence == 'console':
                steps[-1].status, status = status, 0
            fence = opened[1] if fence is None else None
            if fence in ('page', 'log', 'message'):
                steps.append(Step(fence, number, section))
        elif fence == 'console':
            _read_console(steps, number, section, line)
        elif fence in ('page', 'log', 'message'):
            steps[-1].expected.append(line)
        elif fence is None and (heading := _HEADING.match(line)):
            section = heading[1]
        elif fence is None and (event := _EVENT.match(line)):
            steps.append(Step('event', number, section, event[1]))
        elif fence is None and (ended := _EXIT.match(line)):
            status = int(ended[1])
    return steps


def _read_console(steps, number, section, line):
    if line.startswith('$ '):
        steps.append(Step('console', number, section, line[2:]))
    elif line.startswith('> ') and not steps[-1].expected:
        steps[-1].command += '\n' + line[2:]
    else:
        steps[-1].expected.append(line)


def pattern_of(expected):
    """Matches the whole of what may be said where these lines are shown, with SECRET as a group."""
    words = ' '.join(expected.split())
    pieces = [re.escape(piece.strip()).replace(r'\ ', ' ') for piece in words.split(ANYTHING)]
    pattern = '.*?'.join(pieces)
    return re.compile(pattern.replace(SECRET, r'(\S+)', 1) + r'\s*', re.DOTALL)


def match(expected, said):
    """The match of what was said with what is shown; None if it is not as shown."""
    return pattern_of(expected).fullmatch(' '.join(said.split()))
