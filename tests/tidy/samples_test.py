#!/usr/bin/python3
"""Every rule flags what it must and nothing else. A sample's first line says where it pretends to
stand; `flagged: RULE` marks the lines that a rule must report."""
import re
import sys
import unittest
from importlib.machinery import SourceFileLoader
from pathlib import Path

sys.dont_write_bytecode = True
HERE = Path(__file__).resolve().parent
tidy = SourceFileLoader('tidy', str(HERE / 'run')).load_module()

from rules import format as layout
from rules import sizes, targets
from source import Source, read

_EXPECTED = re.compile(r' *(?://)? flagged: ([\w-]+)')
_LAYOUT = {'line-length', 'file-length'}


def findings(source):
    return {(line, name) for rule in tidy.RULES for line, name, _ in rule.check(source)}


class Samples(unittest.TestCase):
    def test_every_sample_is_flagged_where_it_says_and_nowhere_else(self):
        samples = sorted((HERE / 'samples').iterdir())
        self.assertGreaterEqual(len(samples), 7)
        for sample in samples:
            text = sample.read_text()
            path = text.split('as: ', 1)[1].split('\n')[0]
            expected = {(number, match.group(1)) for number, line in enumerate(text.split('\n'), 1)
                        if (match := _EXPECTED.search(line))}
            source = Source(path, _EXPECTED.sub('', text))
            with self.subTest(sample=sample.name):
                found = {(line, name) for line, name in findings(source) if name not in _LAYOUT}
                self.assertEqual(found, expected)

    def test_the_tree_is_read_and_not_empty(self):
        paths = tidy.tree()
        self.assertIn('gateway/model/reading.hpp', paths)
        self.assertIsNotNone(read('gateway/model/reading.hpp'))


class Sizes(unittest.TestCase):
    def sizes(self, path, text):
        return [(line, name) for line, name, _ in sizes.check(Source(path, text))]

    def test_a_line_of_101_columns_is_flagged(self):
        self.assertEqual(self.sizes('gateway/a.cpp', '//' + 'x' * 98 + '\n'), [])
        self.assertEqual(self.sizes('gateway/a.cpp', '//' + 'x' * 99 + '\n'), [(1, 'line-length')])

    def test_a_file_of_401_lines_is_flagged_and_600_in_tests(self):
        self.assertEqual(self.sizes('gateway/a.cpp', ';\n' * 400), [])
        self.assertEqual(self.sizes('gateway/a.cpp', ';\n' * 401), [(401, 'file-length')])
        self.assertEqual(self.sizes('tests/unit/a.cpp', ';\n' * 600), [])
        self.assertEqual(self.sizes('tests/unit/a.cpp', ';\n' * 601), [(601, 'file-length')])

    def test_a_function_of_61_lines_is_flagged_wherever_it_stands(self):
        for head in ('int f() {', 'A::A(int b) : b_{b} {', 'auto f() -> int {',
                     'struct A {\nint f() const noexcept {',
                     'namespace a {\nstruct B {};\nint f() {'):
            for lines, expected in ((60, 0), (61, 1)):
                closing = '}' * (head.count('{') - head.count('}'))
                text = head + '\n' + 'if (x) { y(); }\n' * (lines - 1) + closing + '\n'
                with self.subTest(head=head, lines=lines):
                    self.assertEqual(len(self.sizes('gateway/a.cpp', text)), expected)

    def test_a_long_class_of_short_functions_is_not_flagged(self):
        text = 'class A {\n' + 'int f() { return 1; }\n' * 80 + '};\n'
        self.assertEqual(self.sizes('gateway/a.cpp', text), [])

    def test_a_long_python_function_is_flagged(self):
        text = 'def f():\n' + '    g()\n' * 61
        self.assertEqual(self.sizes('tests/a.py', text), [(1, 'function-length')])


class Others(unittest.TestCase):
    def test_a_test_that_no_target_compiles_is_flagged(self):
        self.assertEqual(len(list(targets.check(Source('tests/unit/nowhere/a_test.cpp', '')))), 1)
        self.assertEqual(list(targets.check(Source('tests/unit/model/time_test.cpp', ''))), [])

    def test_code_that_clang_format_would_change_is_flagged(self):
        sample = read('tests/tidy/samples/coroutine_shapes.cpp')
        self.assertEqual([name for _, _, name, _ in layout.check_all([sample])], ['format'])
        self.assertEqual(list(layout.check_all([read('gateway/model/reading.hpp')])), [])


if __name__ == '__main__':
    unittest.main()
