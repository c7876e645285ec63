"""Bounds on lines, functions and files: past them there is a second concept in it."""
import ast
import re

COLUMNS_MAX = 100
FUNCTION_LINES_MAX = 60
FILE_LINES_MAX = 400
TEST_FILE_LINES_MAX = 600

_LITERAL = re.compile(r'R"(?P<fence>\w*)\(.*?\)(?P=fence)"|"(?:\\.|[^"\\])*"')
_CONTAINER = re.compile(r'\b(namespace|class|struct|union|enum|extern)\b[^;(]*$')


def check(source):
    if not (source.is_cpp or source.is_python or source.is_shell):
        return
    for number, line in enumerate(source.lines, 1):
        if len(line) > COLUMNS_MAX and not _is_sample_text(source, line):
            yield number, 'line-length', f'{len(line)} columns, at most {COLUMNS_MAX}'
    most = TEST_FILE_LINES_MAX if source.path.startswith('tests/') else FILE_LINES_MAX
    count = len(source.lines) - (source.lines[-1] == '')
    if count > most:
        yield most + 1, 'file-length', f'{count} lines, at most {most}'
    functions = _cpp_functions if source.is_cpp else _python_functions
    if source.is_shell:
        return
    for start, length in functions(source):
        if length > FUNCTION_LINES_MAX:
            yield start, 'function-length', f'{length} lines, at most {FUNCTION_LINES_MAX}'


def _is_sample_text(source, line):
    """A long literal in a test: broken in two it would be harder to compare."""
    return source.path.startswith('tests/') and len(_LITERAL.sub('""', line)) <= COLUMNS_MAX


def _python_functions(source):
    for node in ast.walk(ast.parse(source.text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.lineno, node.end_lineno - node.lineno


def _cpp_functions(source):
    """(line, lines of the body) of every function at namespace or class scope."""
    code, open_braces, head = source.code, [], 0
    for match in re.finditer(r'[{};]', code):
        char, position = match.group(), match.start()
        if char == '{':
            inside = any(start is not None for start in open_braces)
            opens = not inside and _opens_function(code[head:position])
            open_braces.append(position if opens else None)
        elif char == '}' and open_braces:
            start = open_braces.pop()
            if start is not None:
                first = source.line_of(start)
                yield first, source.line_of(position) - first
        head = match.end()


def _opens_function(before):
    if not before.strip():
        return True  # behind a braced member initialiser
    return ')' in before and not _CONTAINER.search(before)
