"""The AppArmor profile: it can be parsed, and is the one that the unit asks for.

Whether the service can work under it, and no more, is for a kernel that has AppArmor:
tests/packaging/confined.
"""
import re
import tempfile
import unittest
from pathlib import Path

from trial_package import ROOT, run

PROFILE = ROOT / 'packaging/apparmor/usr.bin.passerelle'
UNIT = ROOT / 'packaging/systemd/passerelle.service'
PARSER = ['/sbin/apparmor_parser', '--skip-kernel-load', '--skip-cache']


class Profile(unittest.TestCase):
    def setUp(self):
        self.text = PROFILE.read_text()

    def parse(self, text, status=0):
        with tempfile.NamedTemporaryFile('w', suffix='.profile') as file:
            file.write(text)
            file.flush()
            return run(*PARSER, '--names', file.name, status=status)

    def test_it_can_be_parsed_and_what_is_broken_cannot(self):
        self.assertRegex(self.parse(self.text), r'(?m)^passerelle$')
        run(*PARSER, PROFILE)
        self.parse(self.text.replace('rwk,', 'rwq,', 1), status=1)
        self.parse(self.text.replace('abstractions/base', 'abstractions/bass'), status=1)

    def test_the_unit_asks_for_it_and_no_path_does(self):
        self.assertIn('\nAppArmorProfile=-passerelle\n', UNIT.read_text())
        self.assertRegex(self.text, r'(?m)^profile passerelle flags=\(attach_disconnected\) \{$')

    def test_it_is_enforced_and_confers_nothing(self):
        """No capability, no raw socket, no other program, no change of profile."""
        rules = [line.strip() for line in self.text.splitlines()
                 if line.startswith('  ') and not line.strip().startswith(('#', 'include'))]
        self.assertNotIn('complain', self.text)
        for rule in rules:
            self.assertRegex(rule, r'^[/@]\S+ [rwkm]+,( *#.*)?$|^network (inet6?|unix) \w+,$')
            self.assertFalse(re.search(r' raw,| packet', rule), rule)

    def test_what_the_unit_lets_it_write_the_profile_does(self):
        for directory in ('/var/lib/passerelle/', '@{run}/passerelle/'):
            self.assertIn(f'  {directory}{{,**}} rwk,\n', self.text)


if __name__ == '__main__':
    unittest.main()
