"""Rules for statements with co_await.

g++ 12 destroys some temporaries twice when they share a full expression with co_await: a lambda
that captures by value, a braced aggregate, an operand of ?:. A dropped result compiles without a
warning.
"""
import re

from rules.statements import statements
from source import read

# Awaited for their effect: completions of Asio without a value, and the worker thread's run().
_WITHOUT_VALUE = {'async_wait', 'async_handshake', 'post', 'dispatch',
                  'reset_cancellation_state', 'throw_if_cancelled', 'run'}
_DECLARATION = re.compile(r'\bawaitable<(?P<value>[^;{}()]*)>\s+(?:\w+::)*(?P<name>\w+)\s*\(')
_PREFIX = re.compile(r'^(?:case\b[^;]*?(?<!:):(?!:)|default\s*:|else\b|\{|\})\s*')


def check(source):
    if not source.is_cpp or 'co_await' not in source.code:
        return
    silent, telling = _declared(source)
    for line, statement in statements(source.code):
        statement = statement.strip()
        awaited = re.search(r'\bco_await\b', statement)
        if not awaited:
            continue
        line += statement.count('\n', 0, awaited.start())
        shape = _miscompiled(statement)
        if shape:
            yield line, 'coroutine-shape', f'{shape} in a co_await expression: name it first'
        callee = _dropped(statement)
        if callee and (callee in telling or callee not in silent):
            yield line, 'coroutine-result', (
                f'the result of {callee}() is dropped: look at it, or cast it to void')


def _miscompiled(statement):
    if re.search(r'\?[^?]', statement):
        return 'a conditional operator'
    for match in re.finditer(r'\[([^\[\]]*)\]\s*(?:\(|->|mutable|$|[,)])', statement):
        if re.search(r'[\w)\]]\s*$', statement[:match.start()]):
            continue  # a subscript or a structured binding
        captures = [capture.strip() for capture in match.group(1).split(',')]
        if any(c and not c.startswith('&') and c != 'this' for c in captures):
            return 'a lambda that captures by value'
    initialiser = re.search(r'(\b(?:[A-Z]\w*|vector)(?:<[^{}]*>)?|[(,=])\s*\{\s*[^\s}]', statement)
    variable = re.search(r'\b\w+\s+\w+\s*\{[^}]*\bco_await', statement)
    if initialiser or variable and not re.search(r'\bauto\b', statement):
        return 'a braced temporary'
    return None


def _declared(source):
    """Names of coroutines without and with a value, as far as the file sees them."""
    silent, telling = set(_WITHOUT_VALUE), set()
    for visible in (source, *_headers(source, depth=2)):
        for match in _DECLARATION.finditer(visible.code):
            if match['name'] not in _WITHOUT_VALUE:
                (silent if match['value'] == 'void' else telling).add(match['name'])
    return silent, telling


def _headers(source, depth):
    """Our headers that the file includes, and those that they include."""
    for _, header, quoted in source.includes:
        included = read(header) if quoted else None
        if included:
            yield included
            if depth > 1:
                yield from _headers(included, depth - 1)


def _dropped(statement):
    """The name of the coroutine whose result a statement throws away."""
    rest = _without_head(statement)
    if not rest.startswith('co_await'):
        return None
    called = re.search(r'(\w+)\s*(?:<[^()]*>)?\s*\(', rest[len('co_await'):])
    return called.group(1) if called else 'an expression'


def _without_head(statement):
    while match := _PREFIX.match(statement):
        statement = statement[match.end():]
    head = re.match(r'(?:if(?:\s+constexpr)?|while|for)\s*\(', statement)
    if not head:
        return statement
    depth, position = 1, head.end()
    while position < len(statement) and depth:
        depth += {'(': 1, ')': -1}.get(statement[position], 0)
        position += 1
    return _without_head(statement[position:].strip())
