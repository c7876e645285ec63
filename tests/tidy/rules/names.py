"""Names that say nothing: they fit everything, so everything ends up in them."""
import re
from pathlib import PurePath

_EMPTY = {'manager', 'util', 'utils', 'utility', 'helper', 'helpers', 'common', 'misc', 'base',
          'impl', 'data', 'info'}
_TERMS = {'BaseFields'}  # of a standard: RFC 8428, section 4.1
_DECLARED = re.compile(r'\b(?:class|struct|enum|concept|namespace|union)\s+(?:class\s+|struct\s+)?'
                       r'(?P<type>\w+(?:::\w+)*)|\busing\s+(?P<alias>\w+)\s*=')


def check(source):
    if not (source.is_cpp or source.is_python):
        return
    for part in PurePath(source.path).with_suffix('').parts:
        if fault := _fault(part):
            yield 1, 'name', f'{part}: {fault}'
    if not source.is_cpp:
        return
    for match in _DECLARED.finditer(source.code):
        name = match['type'] or match['alias']
        if fault := _fault(name):
            yield source.line_of(match.start()), 'name', f'{name}: {fault}'


def _fault(name):
    if name in _TERMS:
        return None
    words = re.findall(r'[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+\d*|[A-Z]+\d*|\d+', name)
    for word in words:
        if word.lower() in _EMPTY:
            return f'"{word}" says nothing: name the concept'
    return None
