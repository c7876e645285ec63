"""Makes a configuration for this demonstration out of config/passerelle.toml.

A line that ends in `# quickstart: NAME` has its value replaced; everything else stays as a city
would have it."""
import re

_MARKED = re.compile(r'^(?P<key>\s*[\w-]+\s*=\s*)"(?P<value>[^"]*)"(?P<rest>\s*# quickstart: '
                     r'(?P<name>[\w-]+).*)$')


def substitute(text, values):
    """The text with the marked values; a marker without a value, or a value without a marker, is a
    mistake."""
    used, lines = set(), []
    for line in text.splitlines():
        marked = _MARKED.match(line)
        if marked:
            used.add(marked['name'])
            line = f'{marked["key"]}"{values[marked["name"]]}"{marked["rest"]}'
        lines.append(line)
    if unused := set(values) - used:
        raise KeyError(f'config/passerelle.toml has no line for {", ".join(sorted(unused))}')
    return '\n'.join(lines) + '\n'
