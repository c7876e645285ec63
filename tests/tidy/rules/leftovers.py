"""What an unfinished change leaves behind."""
import re

_NOTE = re.compile(r'\b(TO' r'DO|FIX' r'ME|X' r'XX|HA' r'CK)\b')
_HOME = re.compile(r'(?<![\w.$/{}~-])/(?:home|root)/\w')
# Literals and operators are found no other way.
_USING = re.compile(r'^using\s+namespace\s+(?!\S*(?:literals|awaitable_operators)\b)', re.M)
_CODE = re.compile(r'^(?:[\w:<>,&*\s]+[\w>)\]]\s*(?:\(.*\)|[-+*/|&^]?=.*)\s*;'
                   r'|(?:if|for|while|switch)\s*\(.*\{|return\b.*;|\}\s*;?'
                   r'|#\s*include\b.*)$')


def check(source):
    for number, line in enumerate(source.lines, 1):
        if source.suffix != '.md' and _NOTE.search(line):
            yield number, 'leftover', 'finish it, or take it out'
        if _HOME.search(line):
            yield number, 'leftover', "a path of somebody's machine"
    if source.is_cpp:
        yield from _cpp(source)


def _cpp(source):
    for line, comment in source.comments:
        if _CODE.match(comment.strip('/* \t')):
            yield line, 'leftover', 'code in a comment'
    for match in re.finditer(r'^[ \t]*#[ \t]*if[ \t]+0\b', source.code, re.M):
        yield source.line_of(match.start()), 'leftover', 'code that is never compiled'
    if not source.path.startswith('tests/'):
        for match in _USING.finditer(source.code):
            yield source.line_of(match.start()), 'using-namespace', 'name what is used'
