"""The catalogue is valid DCAT-AP 3 for a validator that knows nothing of us, without the network.

PASSERELLE_DCAT_SHAPES names further files of SHACL shapes in Turtle, separated by ':', such as
those that SEMIC publishes; the catalogues must hold to them as well.
"""
import json
import os
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

from harness import PASSERELLE, ROOT
from node_programs import BUILT, NPM, install_npm, run

SHAPES = [Path(__file__).resolve().parent / 'dcat_ap_shapes.ttl',
          *filter(None, os.environ.get('PASSERELLE_DCAT_SHAPES', '').split(':'))]
PROFILES = sorted((ROOT / 'config/profiles').glob('*.toml'))
VIOLATION = 'http://www.w3.org/ns/shacl#Violation'
WARNING = 'http://www.w3.org/ns/shacl#Warning'
LICENCE = 'http://purl.org/dc/terms/license'

# Of each class, what DCAT-AP calls mandatory.
MANDATORY = {
    'dcat:Catalog': ('dct:title', 'dct:description', 'dct:publisher'),
    'dcat:Dataset': ('dct:title', 'dct:description'),
    'dcat:Distribution': ('dcat:accessURL',),
    'dcat:DataService': ('dct:title', 'dcat:endpointURL'),
    'foaf:Agent': ('foaf:name',),
    'skos:Concept': ('skos:prefLabel',),
    'skos:ConceptScheme': ('dct:title',),
}


def closed_distributions(catalogue):
    """Of the datasets that are not for everybody."""
    return {dataset['dcat:distribution']['@id'] for dataset in catalogue['dcat:dataset']
            if dataset['dct:accessRights']['@id'].endswith('/NON_PUBLIC')}


def is_unlicensed(result, distributions):
    """A licence is recommended, and personal data have none: a portal would show them as open."""
    return (result['severity'] == WARNING and result['path'] == LICENCE
            and result['node'] in distributions)


class Catalogue(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        install_npm()

    def catalogue(self, file, *options):
        done = subprocess.run([PASSERELLE, *options, 'catalogue', file], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, timeout=60)
        self.assertEqual((done.returncode, done.stderr), (0, b''))
        return json.loads(done.stdout)

    def test_the_catalogue_of_every_profile_is_valid(self):
        self.assertGreaterEqual(len(PROFILES), 6)
        for profile in PROFILES:
            with self.subTest(profile=profile.name):
                catalogue = self.catalogue(profile)
                report = validated(catalogue)
                self.assertGreater(report['triples'], 50)
                closed = closed_distributions(catalogue)
                self.assertEqual([result for result in report['results']
                                  if not is_unlicensed(result, closed)], [])

    def test_a_catalogue_without_a_mandatory_property_is_not_valid(self):
        catalogue = self.catalogue(PROFILES[0])
        for kind, properties in MANDATORY.items():
            for name in properties:
                with self.subTest(kind=kind, name=name):
                    broken = json.loads(json.dumps(catalogue))
                    self.assertGreater(remove(broken, kind, name), 0)
                    paths = {result['path'] for result in validated(broken)['results']
                             if result['severity'] == VIOLATION}
                    self.assertEqual(paths, {expanded(catalogue, name)})

    def test_a_property_of_a_wrong_range_is_not_valid(self):
        catalogue = self.catalogue(PROFILES[0])
        dataset = catalogue['dcat:dataset'][0]
        for name, wrong in (('dct:publisher', 'a text'), ('dcat:theme', {'@id': 'urn:air'}),
                            ('dcat:distribution', {'@id': catalogue['@id']}),
                            ('dct:accrualPeriodicity', 'daily')):
            with self.subTest(name=name):
                paths = {result['path'] for result in
                         validated({**catalogue, 'dcat:dataset': {**dataset, name: wrong}})[
                             'results']}
                self.assertIn(expanded(catalogue, name), paths)

    def test_a_context_from_elsewhere_is_not_fetched(self):
        catalogue = self.catalogue(PROFILES[0])
        self.assertIsInstance(catalogue['@context'], dict)
        with self.assertRaisesRegex(AssertionError, 'asks for'):
            validated({**catalogue, '@context': 'https://context.example/dcat.jsonld'})

    def test_the_catalogues_of_two_boxes_are_one(self):
        text = PROFILES[0].read_text()
        with tempfile.TemporaryDirectory() as folder:
            catalogues = []
            for box in ('box-1', 'box-2'):
                file = Path(folder) / f'{box}.toml'
                file.write_text(re.sub('^id = ".*"$', f'id = "{box}"', text, flags=re.MULTILINE))
                catalogues.append(self.catalogue(file))
        self.assertNotEqual(*catalogues)
        context = catalogues[0].pop('@context')
        catalogues[1].pop('@context')
        report = validated({'@context': context, '@graph': catalogues})
        self.assertEqual(report['results'], [])

    def test_both_languages_are_there_whatever_the_command_speaks(self):
        french = self.catalogue(PROFILES[0], '--lang', 'fr')
        self.assertEqual(french, self.catalogue(PROFILES[0], '--lang', 'en'))
        for dataset in french['dcat:dataset']:
            for name in ('dct:title', 'dct:description'):
                self.assertEqual({text['@language'] for text in dataset[name]}, {'fr', 'en'})
                self.assertEqual(len({text['@value'] for text in dataset[name]}), 2)


def validated(catalogue):
    return json.loads(run('node', NPM / 'validate.mjs', BUILT, *SHAPES, text=json.dumps(catalogue)))


def expanded(catalogue, name):
    prefix, _, rest = name.partition(':')
    return catalogue['@context'][prefix] + rest


def remove(node, kind, name):
    """Takes a property away from every node of a class; from how many."""
    if isinstance(node, list):
        return sum(remove(each, kind, name) for each in node)
    if not isinstance(node, dict):
        return 0
    is_kind = node.get('@type') == kind and node.pop(name, None) is not None
    return is_kind + sum(remove(each, kind, name) for each in list(node.values()))


if __name__ == '__main__':
    unittest.main()
