"""Documents point at what exists: links, and paths of the tree in `code` marks."""
import re
from pathlib import PurePath

from source import ROOT

_LINK = re.compile(r'\]\((?!\w+:|#)([^)\s#]+)[^)]*\)')
_PATH = re.compile(r'`((?:gateway|drivers|proto|config|packaging|tests|cmake|\.ci)/[\w./-]+)`')
_FENCE = re.compile(r'^\s*(```|~~~)')


def check(source):
    if source.suffix not in ('.md', '.toml'):
        return
    folder, fenced = PurePath(source.path).parent, False
    for number, line in enumerate(source.lines, 1):
        if source.suffix == '.md' and _FENCE.match(line):
            fenced = not fenced
        if fenced:
            continue
        for target in _LINK.findall(line):
            if not (ROOT / folder / target).exists():
                yield number, 'link', f'{target} does not exist'
        for target in _PATH.findall(line):
            if not (ROOT / target).exists():
                yield number, 'link', f'{target} does not exist'
