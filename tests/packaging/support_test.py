"""The end of the support is one date, wherever it is said."""
import re
import unittest
from datetime import datetime, timezone

from trial_package import ROOT

ROW = re.compile(r'^\| 0\.1 \| (\d{4}-\d\d-\d\d) \|', re.M)
CONSTANT = re.compile(r'^set\(PASSERELLE_SUPPORT_END "?([\d-]+)"?\)', re.M)


class Support(unittest.TestCase):
    def test_the_policy_says_the_same_in_both_languages(self):
        dates = {name: ROW.findall((ROOT / name).read_text())
                 for name in ('SECURITY.md', 'SECURITY.fr.md')}
        self.assertEqual(dates['SECURITY.md'], dates['SECURITY.fr.md'])
        self.assertEqual(len(dates['SECURITY.md']), 1)

    def test_the_program_says_what_the_policy_says(self):
        constant = CONSTANT.search((ROOT / 'CMakeLists.txt').read_text())
        if not constant:
            self.skipTest('the program does not say it yet')
        date = constant[1]
        if date.isdigit():  # seconds since 1970
            date = datetime.fromtimestamp(int(date), timezone.utc).strftime('%Y-%m-%d')
        self.assertEqual([date], ROW.findall((ROOT / 'SECURITY.md').read_text()))


if __name__ == '__main__':
    unittest.main()
