"""A group of the system whose members control the gateway over its unix socket: what they may, what
they may not, and everybody else."""
import grp
import json
import os
import shutil
import stat
import subprocess
import time
import unittest

from harness import PASSERELLE, Gateway, StageTest, eventually
from load import publish, stamp

NOBODY = 65534  # the user, and a group
DOOR_CLOSED, NOT_ALLOWED = 69, 77


def groups():
    """Two groups of this system that are neither root's nor nobody's."""
    found = [group for group in grp.getgrall() if group.gr_gid not in (0, NOBODY)]
    return found[0], found[1]


@unittest.skipUnless(os.geteuid() == 0, 'being a second user takes root')
class TechniciansTest(StageTest):
    def setUp(self):
        self.group, self.other = groups()
        self.value = 0
        super().setUp()

    def status_table(self):
        return f'socket = "{self.socket}"\ngroup = "{self.group.gr_name}"\n'

    @property
    def socket(self):
        return self.directory / 'socket'

    def start_gateway(self):
        self.directory.chmod(0o755)
        text = self.settings.read_text()
        if 'socket =' not in text:
            self.settings.write_text(text.replace('[status]\n', '[status]\n' + self.status_table()))
        return super().start_gateway()

    def be(self, *groups_, first=NOBODY):
        """How to be nobody, in these groups."""
        return {'user': NOBODY, 'group': first, 'extra_groups': list(groups_)}

    def ask(self, *words, who, text=''):
        done = subprocess.run(
            [PASSERELLE, *map(str, words), '--config', self.settings], input=text,
            capture_output=True, text=True, timeout=120, check=False, cwd='/',
            env={**os.environ, 'LC_ALL': 'en.UTF-8'}, **who)
        return done.returncode, done.stdout + done.stderr

    def follow_one(self, who):
        """(exit status, what it says) of a tail that ends with the first reading."""
        with subprocess.Popen(
                [PASSERELLE, 'tail', '-n', '1', '--config', self.settings], stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT, text=True, cwd='/',
                env={**os.environ, 'LC_ALL': 'en.UTF-8'}, **who) as follower:
            self.addCleanup(follower.kill)

            def has_ended():
                self.publish_one()
                return follower.poll() is not None
            eventually(has_ended, 'it has seen a reading, or given up')
            return follower.returncode, follower.stdout.read()

    def publish_one(self):
        self.value += 1
        payload = {'ts': stamp(int(time.time() * 1000) - 3_600_000), 'm3': self.value}
        publish(self.ports.mqtt, [('water/meter-7/reading', json.dumps(payload))])

    def changed(self, before, after):
        path = self.directory / 'new.toml'
        path.write_text(self.settings.read_text().replace(before, after))
        self.assertIn(after, path.read_text())
        path.chmod(0o644)
        return path

    def city_of_gateway(self):
        try:
            return self.gateway.status()['city']
        except OSError:  # it changes from one configuration to the other
            return None

    def may_change(self, who):
        return self.ask('rollback', who=who)[0] != DOOR_CLOSED


class Technicians(TechniciansTest):
    def test_the_socket_is_the_groups(self):
        status = self.socket.stat()
        self.assertEqual((status.st_uid, status.st_gid), (0, self.group.gr_gid))
        self.assertEqual(stat.S_IMODE(status.st_mode), 0o660)

    def test_a_member_follows_the_readings(self):
        for who in (self.be(self.group.gr_gid), self.be(self.other.gr_gid, self.group.gr_gid),
                    self.be(first=self.group.gr_gid)):
            code, said = self.follow_one(who)
            self.assertEqual(code, 0, said)
            self.assertIn('water.volume', said)
        self.assertIn('readings-followed', self.gateway.log.read_text())

    def test_a_member_changes_the_configuration(self):
        member = self.be(self.group.gr_gid)
        new = self.changed('Testville', 'Nextville')
        code, said = self.ask('apply', '--no-wait', new, who=member)
        self.assertEqual(code, 0, said)
        eventually(lambda: self.city_of_gateway() == 'Nextville', 'it runs')
        code, said = self.ask('confirm', '--anyway', who=member)
        self.assertEqual(code, 0, said)
        self.assertEqual(self.gateway.status()['city'], 'Nextville')

    def test_a_member_does_not_ask_for_what_is_of_a_person(self):
        code, said = self.ask(
            'subject', 'restrict', '--dataset', 'everything', who=self.be(self.group.gr_gid),
            text='meter-7\n')
        self.assertNotEqual(code, 0)
        self.assertIn('only root', said)
        # The control: root may.
        code, said = self.ask('subject', 'restrict', '--dataset', 'everything', who={},
                              text='meter-7\n')
        self.assertEqual(code, 0, said)

    def test_nobody_else_comes_to_the_door(self):
        for who in (self.be(), self.be(self.other.gr_gid)):
            self.assertEqual(self.follow_one(who)[0], DOOR_CLOSED)
            self.assertFalse(self.may_change(who))

    def test_who_comes_through_the_door_is_asked_for_the_group(self):
        self.socket.chmod(0o666)
        stranger = self.be(self.other.gr_gid)
        code, said = self.follow_one(stranger)
        self.assertEqual(code, NOT_ALLOWED, said)
        self.assertIn('members of the group', said)
        code, said = self.ask('confirm', who=stranger)
        self.assertIn('only root', said)
        self.assertEqual(self.follow_one(self.be(self.group.gr_gid))[0], 0)

    def test_another_group_comes_with_another_configuration(self):
        new = self.changed(f'"{self.group.gr_name}"', f'"{self.other.gr_name}"')
        code, said = self.ask('apply', '--no-wait', new, who={})
        self.assertEqual(code, 0, said)
        eventually(lambda: self.socket.exists() and
                   self.socket.stat().st_gid == self.other.gr_gid, 'the socket is the new group\'s')
        self.assertEqual(self.follow_one(self.be(self.other.gr_gid))[0], 0)
        self.socket.chmod(0o666)
        self.assertEqual(self.follow_one(self.be(self.group.gr_gid))[0], NOT_ALLOWED)


class Unknown(TechniciansTest):
    def status_table(self):
        return f'socket = "{self.socket}"\ngroup = "no-such-group"\n'

    def test_a_group_that_is_not_there_lets_nobody_in(self):
        self.assertIn('status-group-unknown', self.gateway.log.read_text())
        self.socket.chmod(0o666)
        self.assertEqual(self.follow_one(self.be(self.group.gr_gid))[0], NOT_ALLOWED)
        self.assertEqual(self.follow_one({})[0], 0)  # root
        _, said = self.ask('doctor', '--json', who={})
        checks = {check['code']: check for check in json.loads(said)['checks']}
        self.assertEqual(checks['status-group']['severity'], 'warning')
        self.assertIn('no-such-group', checks['status-group']['finding'])


class NoGroup(TechniciansTest):
    def status_table(self):
        return f'socket = "{self.socket}"\n'

    def test_without_a_group_root_alone_controls(self):
        self.assertEqual(self.socket.stat().st_gid, 0)
        self.socket.chmod(0o666)
        for who in (self.be(self.group.gr_gid), self.be(0)):
            self.assertEqual(self.follow_one(who)[0], NOT_ALLOWED)
        self.assertEqual(self.follow_one({})[0], 0)


class NotItsOwn(TechniciansTest):
    """The gateway's user is not in the group, and so cannot give it the socket."""

    def make_gateway(self):
        for path in (self.directory, *self.directory.rglob('*')):
            os.chown(path, NOBODY, NOBODY)
        program = shutil.copy(PASSERELLE, self.directory)
        return Gateway(self.directory, self.settings, self.ports.status, program=program,
                       user=NOBODY, group=NOBODY, extra_groups=[])

    def test_the_log_says_what_is_missing(self):
        eventually(lambda: 'status-group-not-set' in self.gateway.log.read_text(), 'it is said')
        self.assertEqual(self.socket.stat().st_gid, NOBODY)


if __name__ == '__main__':
    unittest.main()
