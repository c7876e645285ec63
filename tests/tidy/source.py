"""A file of the tree as the rules see it: its text, and its code without comments and literals."""
import functools
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CPP = {'.cpp', '.hpp', '.c', '.h'}

_COMMENT_OR_LITERAL = re.compile(
    r'//[^\n]*|/\*.*?\*/'
    r'|R"(?P<fence>\w*)\(.*?\)(?P=fence)"'
    r'|"(?:\\.|[^"\\\n])*"'
    r"|(?<!\w)'(?:\\.|[^'\\\n])+'",  # the quote in 10'000 is no literal
    re.S)


class Source:
    def __init__(self, path, text):
        self.path = path  # relative to the root, with forward slashes
        self.text = text
        self.lines = text.split('\n')
        self.suffix = Path(path).suffix
        self.is_cpp = self.suffix in CPP
        first = self.lines[0]
        self.is_python = self.suffix == '.py' or first.startswith('#!') and 'python' in first
        self.is_shell = first.startswith('#!') and not self.is_python

    @functools.cached_property
    def code(self):
        """The text with comments blanked and literals emptied; lines and columns are kept."""
        return _COMMENT_OR_LITERAL.sub(_blank, self.text)

    @functools.cached_property
    def comments(self):
        """(line, text) of every line of a C++ comment."""
        found = []
        for match in _COMMENT_OR_LITERAL.finditer(self.text):
            if match.group().startswith(('//', '/*')):
                start = self.line_of(match.start())
                found += [(start + i, line) for i, line in enumerate(match.group().split('\n'))]
        return found

    @functools.cached_property
    def includes(self):
        """(line, header, quoted) of every #include."""
        pattern = re.compile(r'^[ \t]*#[ \t]*include[ \t]+(["<])([^">]+)[">]', re.M)
        return [(self.line_of(m.start(1)), m.group(2), m.group(1) == '"')
                for m in pattern.finditer(self.text)]

    def line_of(self, offset):
        return self.text.count('\n', 0, offset) + 1


def _blank(match):
    text = match.group()
    spaces = re.sub(r'[^\n]', ' ', text)
    if text.startswith(('//', '/*')):
        return spaces
    return text[0] + spaces[1:-1] + text[-1]


def read(path):
    """The source at a path below the root, or None if it is not text."""
    try:
        return Source(path, (ROOT / path).read_text(encoding='utf-8'))
    except (UnicodeDecodeError, FileNotFoundError, IsADirectoryError):
        return None


def tree():
    """Every path that is, or is about to be, under version control."""
    listed = subprocess.run(
        ['git', '-c', 'safe.directory=*', 'ls-files', '-co', '--exclude-standard', '-z'],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    if listed.returncode == 0:
        paths = listed.stdout.decode().split('\0')
        return sorted(path for path in paths if path and (ROOT / path).is_file())
    return sorted(  # an unpacked archive
        str(path.relative_to(ROOT)) for path in ROOT.rglob('*')
        if path.is_file() and path.relative_to(ROOT).parts[0] not in ('build', '.cache', '.git'))
