"""Cuts C++ code into statements, as far as the coroutine rules need it."""
import re

# What stands before the brace that opens a block of statements rather than an initialiser.
_BLOCK = re.compile(
    r'(\)|\belse|\btry|\bdo|\bconst|\bnoexcept|\boverride|\bmutable|->[^;{}()]*'
    r'|\b(?:namespace|class|struct|union|enum|extern)\b[^;{}()=]*)\s*\{$')
_LAMBDA = re.compile(
    r'\[[^\[\]]*\]\s*'                                 # captures
    r'(?:\([^()]*(?:\([^()]*\)[^()]*)*\))?\s*'          # parameters
    r'(?:mutable)?\s*(?:noexcept)?\s*(?:->\s*[\w:<>,&* ]+?)?\s*\{')
_LAMBDA_LAST = re.compile(_LAMBDA.pattern + '$')


def statements(code, line=1):
    """(line, statement without the bodies of its lambdas); those bodies' statements follow it."""
    current, depth, start = '', 0, line
    for char in code:
        if not current.strip():
            start = line
        if char == '\n':
            line += 1
        depth += {'(': 1, ')': -1}.get(char, 0)
        current += char
        if depth == 0 and _ends(current, char):
            yield from _with_lambdas(start, current)
            current = ''


def _ends(current, char):
    opened = current.count('{') - current.count('}')
    if char == ';':
        return opened <= 0
    if char == '{':
        return bool(_BLOCK.search(current)) and not _LAMBDA_LAST.search(current)
    return char == '}' and opened < 0


def _with_lambdas(start, statement):
    outer, bodies = _split_lambdas(statement)
    skipped = len(statement) - len(statement.lstrip())
    first = start - statement[:skipped].count('\n')
    yield start, outer
    for offset, body in bodies:
        yield from statements(body, first + statement.count('\n', 0, offset))


def _split_lambdas(statement):
    outer, bodies, position = '', [], 0
    for match in _LAMBDA.finditer(statement):
        if match.start() < position:
            continue
        end = _closing(statement, match.end())
        outer += statement[position:match.end() - 1]
        bodies.append((match.end(), statement[match.end():end - 1]))
        position = end
    return outer + statement[position:], bodies


def _closing(text, position):
    """Behind the brace that closes the one opened just before the position."""
    depth = 1
    while position < len(text) and depth:
        depth += {'{': 1, '}': -1}.get(text[position], 0)
        position += 1
    return position
