"""The handbook in English; handbook_test.py says how it is read."""
import unittest

from handbook_reader import HandbookTest


class English(HandbookTest):
    language = 'en'

    def test_every_chapter(self):
        self.read_handbook()


if __name__ == '__main__':
    unittest.main()
