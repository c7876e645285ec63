"""The bills of materials of packaging/sbom: valid, whole, and the same each time.

CycloneDX is held to the schemas of its own library, SPDX to spdx-2.3.schema.json beside this file;
PASSERELLE_SPDX_SCHEMA names a schema that it must hold to as well, such as the published one.
"""
import copy
import json
import os
import re
import tempfile
import unittest
from pathlib import Path

import jsonschema

import trial_package
from node_programs import BUILT, install_npm
from trial_package import ROOT, run

SBOM = ROOT / 'packaging/sbom'
CYCLONEDX = BUILT / 'node_modules/@cyclonedx/cyclonedx-library/res/schema'
SPDX = Path(__file__).resolve().parent / 'spdx-2.3.schema.json'
HEADERS_ONLY = {'libboost1.81-dev', 'libcli11-dev'}


def read(path):
    return json.loads(Path(path).read_text())


def faults(document, schema, *others):
    """What a validator that knows nothing of us has to say."""
    known = {part['$id']: part for part in others if '$id' in part}
    resolver = jsonschema.RefResolver.from_schema(schema, store=known)
    validator = jsonschema.Draft7Validator(
        schema, resolver=resolver, format_checker=jsonschema.draft7_format_checker)
    return [f'{"/".join(map(str, fault.absolute_path))}: {fault.message[:200]}'
            for fault in validator.iter_errors(document)]


class BillOfMaterials(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        install_npm()
        cls.temporary = tempfile.TemporaryDirectory(prefix='passerelle-sbom-')
        cls.addClassCleanup(cls.temporary.cleanup)
        cls.directory = Path(cls.temporary.name)
        cls.deb = trial_package.deb(cls.directory)
        run(SBOM, cls.deb, *cls.root())
        cls.cyclonedx = read(cls.deb.with_suffix('.cdx.json'))
        cls.spdx = read(cls.deb.with_suffix('.spdx.json'))
        schemas = [read(CYCLONEDX / f'{name}.SNAPSHOT.schema.json')
                   for name in ('bom-1.6', 'spdx', 'jsf-0.82')]
        cls.cyclonedx_schemas, cls.licence_names = schemas, set(schemas[1]['enum'])

    @staticmethod
    def root():
        return ['--root', os.environ['PASSERELLE_DEB_ROOT']] \
            if 'PASSERELLE_DEB_ROOT' in os.environ else []

    def spdx_schemas(self):
        more = os.environ.get('PASSERELLE_SPDX_SCHEMA')
        return [read(SPDX), *([read(more)] if more else [])]

    def test_cyclonedx_is_valid_and_what_is_broken_is_not(self):
        self.assertEqual(faults(self.cyclonedx, *self.cyclonedx_schemas), [])
        for breaking in (
                lambda bom: bom.pop('bomFormat'),
                lambda bom: bom['components'][0].update(type='libary'),
                lambda bom: bom['components'][0].update(colour='red'),
                lambda bom: bom['metadata']['lifecycles'][0].update(phase='later'),
                lambda bom: bom['metadata']['component']['hashes'][0].update(content='00')):
            broken = copy.deepcopy(self.cyclonedx)
            breaking(broken)
            self.assertNotEqual(faults(broken, *self.cyclonedx_schemas), [])

    def test_spdx_is_valid_and_what_is_broken_is_not(self):
        for schema in self.spdx_schemas():
            self.assertEqual(faults(self.spdx, schema), [])
        for breaking in (
                lambda bom: bom.pop('dataLicense'),
                lambda bom: bom['packages'][0].pop('downloadLocation'),
                lambda bom: bom['packages'][0].update(SPDXID='passerelle'),
                lambda bom: bom['packages'][0].update(licenseDeclared='Apache 2, I think'),
                lambda bom: bom['relationships'][0].update(relationshipType='KNOWS')):
            broken = copy.deepcopy(self.spdx)
            breaking(broken)
            self.assertNotEqual(faults(broken, read(SPDX)), [])

    def test_what_is_pointed_at_is_there_once(self):
        own = self.cyclonedx['metadata']['component']
        refs = [part['bom-ref'] for part in (own, *self.cyclonedx['components'])]
        named = [edge['ref'] for edge in self.cyclonedx['dependencies']]
        self.assertEqual(len(refs), len(set(refs)))
        self.assertEqual(sorted(named), sorted(refs))
        used = {ref for edge in self.cyclonedx['dependencies'] for ref in edge['dependsOn']}
        self.assertEqual(used, set(refs) - {own['bom-ref']})

        packages = [entry['SPDXID'] for entry in self.spdx['packages']]
        self.assertEqual(len(packages), len(set(packages)))
        related = {side for edge in self.spdx['relationships']
                   for side in (edge['spdxElementId'], edge['relatedSpdxElement'])}
        self.assertEqual(related, {'SPDXRef-DOCUMENT', *packages})

    def test_both_say_the_same(self):
        purls = {reference['referenceLocator'] for entry in self.spdx['packages']
                 for reference in entry.get('externalRefs', [])}
        self.assertEqual(purls, {part['purl'] for part in (
            self.cyclonedx['metadata']['component'], *self.cyclonedx['components'])})

    def test_licences_are_names_of_spdx(self):
        said = [entry['licenseDeclared'] for entry in self.spdx['packages']]
        names = {name for terms in said for name in re.split(' AND | OR ', terms)}
        self.assertLessEqual(names - {'NOASSERTION'}, self.licence_names)
        self.assertEqual(said[0], 'Apache-2.0')
        self.assertGreater(len(said) - said.count('NOASSERTION'), len(said) / 2)

    def test_checksums_are_those_of_the_files(self):
        tree = self.directory / 'contents'
        run('dpkg-deb', '--extract', self.deb, tree)
        files = {self.spdx['packages'][0]['packageFileName']: self.deb,
                 'usr/bin/passerelle': tree / 'usr/bin/passerelle'}
        for entry in self.spdx['packages']:
            if 'checksums' in entry:
                file = files.pop(entry['packageFileName'])
                self.assertEqual(entry['checksums'][0]['checksumValue'],
                                 run('sha256sum', file).split()[0])
        self.assertEqual(files, {})

    def test_everything_that_the_loader_loads_is_named(self):
        """By ldd(1), which runs the loader, instead of what the files say; and Boost and CLI11."""
        own = self.cyclonedx['metadata']['component']['purl']
        if f'arch={run("dpkg", "--print-architecture").strip()}&' not in own or self.root():
            self.skipTest('the package is not of this machine')
        tree = self.directory / 'loaded'
        run('dpkg-deb', '--extract', self.deb, tree)
        loaded = re.findall(r'(/\S+) \(0x', run('ldd', tree / 'usr/bin/passerelle'))
        paths = {form for path in loaded
                 for form in (path, path.removeprefix('/usr'), f'/usr{path}')}
        owned = run('dpkg-query', '--search', *sorted(paths), status=1)  # some are links of /usr
        owners = set(re.findall(r'^([^\s:]+)(?::\w+)?: /', owned, re.M))
        linkage = {part['name']: part['properties'][0]['value']
                   for part in self.cyclonedx['components']}
        self.assertGreater(len(owners), 20)
        self.assertEqual({name for name, how in linkage.items() if how == 'shared'}, owners)
        self.assertEqual({name for name, how in linkage.items() if how == 'compiled-in'},
                         HEADERS_ONLY)

    def test_two_runs_are_the_same_and_the_date_is_the_one_given(self):
        again = self.directory / 'again'
        again.mkdir()
        run(SBOM, self.deb, '--into', again, *self.root())
        for suffix in ('.cdx.json', '.spdx.json'):
            name = self.deb.with_suffix(suffix).name
            self.assertEqual((again / name).read_bytes(), (self.directory / name).read_bytes())
        run(SBOM, self.deb, '--into', again, *self.root(),
            environment={'SOURCE_DATE_EPOCH': '1000000000'})
        document = read(again / self.deb.with_suffix('.spdx.json').name)
        self.assertEqual(document['creationInfo']['created'], '2001-09-09T01:46:40Z')

    def test_a_package_without_a_program_has_none(self):
        empty = trial_package.make(self.directory, '0.0.1', __file__)
        self.assertIn('has no program in it', run(SBOM, empty, status=1))
        self.assertFalse(empty.with_suffix('.spdx.json').exists())

    def test_a_library_that_nobody_owns_is_an_error(self):
        root = self.directory / 'bare'
        (root / 'var/lib/dpkg/info').mkdir(parents=True)
        (root / 'var/lib/dpkg/status').touch()
        (root / 'etc').mkdir()
        (root / 'etc/os-release').write_text('ID=debian\nVERSION_ID="12"\n')
        said = run(SBOM, self.deb, '--root', root, '--into', root, status=1)
        self.assertIn('libsqlite3.so.0', said)
        self.assertEqual(list(root.glob('*.json')), [])


if __name__ == '__main__':
    unittest.main()
