"""The register of processing: what is on the disk and on the wire stands in it."""
import copy
import fnmatch
import html.parser
import json
import subprocess
import time
import unittest

import configuration
import stored_fields
from harness import PASSERELLE, Broker, CityTest, eventually
from load import publish, stamp
from recording_city import RecordingCity

FIELDS = '''
phone = { rule = "phone", country = "216" }
email = "email"
modem = { rule = "mac", class = "quasi" }
owner = { rule = "name", then = "pseudonym" }
note = { rule = "text", mode = "patterns" }
'''
PERSON = {'phone': '+216 71 908 172', 'email': 'amira@example.org', 'modem': '00:1B:C5:0A:BC:DE',
          'owner': 'Amira Benali', 'note': 'call at six', 'address': '198.51.100.77'}
HOSTILE = '<script>alert("Ville & fils")</script>'
ABOUT = f'''
[register]
controller = '{HOSTILE}'
address = "1 place de la Mairie"
contact = "donnees@ville.example"
officer = "Déléguée"
'''


def shown(*arguments):
    return subprocess.run([PASSERELLE, *map(str, arguments)], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=60, text=True)


class Register(CityTest):
    def setUp(self):
        super().setUp()
        self.ports = configuration.Ports()
        self.start(Broker(self.directory, self.ports.mqtt))
        self.city = RecordingCity(self.ports.city)
        self.addCleanup(self.city.close)
        self.settings = configuration.write(
            self.directory, self.ports, '{ rule = "pseudonym", class = "direct" }', 'json', 'none',
            fields=FIELDS)
        with self.settings.open('a') as file:
            file.write(ABOUT)

    def test_every_field_of_disk_and_wire_is_in_the_register(self):
        found = self._found()
        register = json.loads(shown('register', '--json', self.settings).stdout)
        self.assertEqual(absent(register, found), set())
        # The control: whatever is taken out of the register is missed.
        for kind, name in found:
            with self.subTest(kind=kind, name=name):
                self.assertIn((kind, name), absent(without(register, kind, name), found))

    def test_what_no_rule_lets_through_is_in_the_register_as_removed(self):
        register = json.loads(shown('register', '--json', self.settings).stdout)
        fields = {field['field']: field for field in register['activities'][0]['fields']}
        self.assertFalse(fields['address']['stored'])
        self.assertEqual(fields['address']['technique'], 'suppression')
        self.assertEqual(fields['device']['technique'], 'pseudonymisation')
        self.assertNotIn(('attribute', 'address'), self._found())

    def test_the_page_needs_nothing_and_runs_nothing(self):
        for command in ('register', 'charter'):
            page = shown(command, '--html', self.settings).stdout
            with self.subTest(command=command):
                self.assertIn('&lt;script&gt;', page)
                self.assertEqual(faults_of(page), [])
        # The control: the same search finds what an unescaped text would do.
        self.assertNotEqual(faults_of(page.replace('&lt;', '<').replace('&gt;', '>')), [])

    def _found(self):
        """(kind, name) of everything that the gateway writes and sends."""
        self.gateway = self.start_gateway()
        now_ms = int(time.time()) * 1000
        publish(self.ports.mqtt, [('water/m-1/reading', json.dumps(
            {'ts': stamp(now_ms), 'm3': 1, **PERSON}))])
        eventually(lambda: self.gateway.ledger()['stored'] == 1, 'the reading is stored')
        self.gateway.terminate()
        found = {('file', str(path)) for path in self._files()}
        database, keys = self.directory / 'buffer.db', self.directory / 'state' / 'keys'
        found |= {('column', f'{table}.{name}') for table, name in stored_fields.columns(database)}
        found |= {('attribute', name) for name in stored_fields.attributes(database, keys)}
        self.assertIn(('attribute', 'phone'), found)
        return found | self._sent()

    def _files(self):
        kept = [self.directory / 'state', *self.directory.glob('buffer.db*')]
        return [path for top in kept for path in [top, *top.rglob('*')] if path.is_file()]

    def _sent(self):
        self.city.confirms = True
        self.gateway = self.start_gateway()
        self.delivered()
        sent = {('added', name) for batch in self.city.batches for name in batch}
        readings = [reading for batch in self.city.batches for reading in batch['readings']]
        self.assertEqual(len(readings), 1)
        sent |= {('reading', name) for name in readings[0]}
        return sent | {('attribute', name) for name in readings[0]['attributes']}


def absent(register, found):
    """What of it the register does not speak of."""
    return {(kind, name) for kind, name in found if not speaks_of(register, kind, name)}


def speaks_of(register, kind, name):
    stored = {field['field'] for activity in register['activities']
              for field in activity['fields'] if field['stored']}
    added = {field['field'] for field in register['added']}
    if kind == 'attribute':
        return name in stored
    if kind in ('added', 'reading'):
        return name in added or (kind == 'reading' and name in stored)
    if kind == 'column':
        return name in {f'{table["table"]}.{column}' for table in register['store']['tables']
                        for column in table['columns']}
    return any(fnmatch.fnmatchcase(name, file['pattern']) for file in register['store']['files'])


def without(register, kind, name):
    """The register with one field taken out."""
    register = copy.deepcopy(register)
    for activity in register['activities']:
        activity['fields'] = [f for f in activity['fields'] if f['field'] != name]
    register['added'] = [f for f in register['added'] if f['field'] != name]
    for table in register['store']['tables']:
        table['columns'] = [c for c in table['columns'] if f'{table["table"]}.{c}' != name]
    register['store']['files'] = [
        f for f in register['store']['files'] if not fnmatch.fnmatchcase(name, f['pattern'])]
    return register


class Page(html.parser.HTMLParser):
    """Collects what a page that is printed must not have."""

    VOID = ('meta',)

    def __init__(self):
        super().__init__()
        self.faults, self.open = [], []

    def handle_starttag(self, tag, attributes):
        if tag in ('script', 'link', 'img', 'iframe', 'object', 'base', 'form'):
            self.faults.append(tag)
        self.faults += [name for name, _ in attributes
                        if name in ('src', 'href', 'style') or name.startswith('on')]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(f'</{tag}>')


def faults_of(page):
    reader = Page()
    reader.feed(page)
    reader.close()
    foreign = [word for word in ('url(', '@import', 'http-equiv="refresh"') if word in page]
    return reader.faults + reader.open + foreign


if __name__ == '__main__':
    unittest.main()
