"""Figures that were measured several times, and the tables they go into."""
import statistics
from collections import defaultdict


class Figures:
    """Everything measured in one part of a bench, by row and column, in the order it came."""

    def __init__(self):
        self._values = defaultdict(list)

    def add(self, row, **columns):
        for column, value in columns.items():
            self._values[row, column].append(value)

    def text(self, row, column, digits=0):
        """"median [min..max]", or the one value; "-" without any."""
        values = [value for value in self._values[row, column] if value is not None]
        if not values:
            return '-'
        middle = f'{statistics.median(values):,.{digits}f}'
        if len(values) == 1:
            return middle
        return f'{middle} [{min(values):,.{digits}f}..{max(values):,.{digits}f}]'


def print_table(title, header, rows):
    print(f'\n{title}\n\n| {" | ".join(header)} |\n|{"---|" * len(header)}')
    for row in rows:
        print(f'| {" | ".join(str(cell) for cell in row)} |')
    print(flush=True)


def numbers_of(text):
    """{name: set of numbers} of lines such as "meter-000001 0-41,43-43"."""
    found = {}
    for line in text.splitlines():
        *name, ranges = line.split(' ')
        numbers = set()
        for span in ranges.split(','):
            first, last = span.split('-')
            numbers.update(range(int(first), int(last) + 1))
        found[' '.join(name)] = numbers
    return found
