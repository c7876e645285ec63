"""The bill of materials as SPDX 2.3 (ISO/IEC 5962) in JSON."""
import re
import uuid
from datetime import datetime, timezone

NAME_OF_DOCUMENT = 'SPDXRef-DOCUMENT'


def render(bom):
    """`bom` is what packaging/sbom has gathered."""
    package = bom.package
    own = {**_package(package, 'APPLICATION'), 'packageFileName': bom.deb.path.name,
           'checksums': [_checksum(bom.deb.sha256)]}
    programs = [_program(bom, path, digest) for path, digest in sorted(bom.programs.items())]
    created = datetime.fromtimestamp(bom.date, timezone.utc).strftime('%Y-%m-%dT%H:%M:%SZ')
    return {
        'spdxVersion': 'SPDX-2.3',
        'dataLicense': 'CC0-1.0',
        'SPDXID': NAME_OF_DOCUMENT,
        'name': bom.deb.path.stem,
        'documentNamespace': uuid.uuid5(uuid.NAMESPACE_URL, f'spdx:{bom.deb.sha256}').urn,
        'creationInfo': {'created': created,
                         'creators': [f'Tool: packaging-sbom-{package.version}']},
        'packages': [own, *programs, *(_part(part) for part in bom.parts)],
        'relationships': list(_relationships(bom, [entry['SPDXID'] for entry in programs])),
    }


def _identifier(*words):
    return 'SPDXRef-' + re.sub(r'[^A-Za-z0-9.-]', '-', '-'.join(words))


def _of(package):
    return _identifier('Package', package.name, package.architecture)


def _checksum(digest):
    return {'algorithm': 'SHA256', 'checksumValue': digest}


def _package(package, purpose):
    return {
        'SPDXID': _of(package), 'name': package.name, 'versionInfo': package.version,
        'primaryPackagePurpose': purpose, 'filesAnalyzed': False,
        'supplier': _organisation(package.maintainer), 'downloadLocation': 'NOASSERTION',
        'licenseConcluded': 'NOASSERTION', 'licenseDeclared': package.licence,
        'copyrightText': 'NOASSERTION',
        'externalRefs': [{'referenceCategory': 'PACKAGE-MANAGER', 'referenceType': 'purl',
                          'referenceLocator': package.purl}]}


def _part(package):
    """A library; Debian files vulnerabilities under the name of its source."""
    entry = _package(package, 'LIBRARY')
    entry['sourceInfo'] = f'built package from: {package.source} {package.source_version}'
    if package.licence_names:
        entry['licenseComments'] = ('Names of licences in its copyright file, those of single '
                                    'files included: ' + ', '.join(package.licence_names))
    return entry


def _program(bom, path, digest):
    return {
        'SPDXID': _identifier('File', path), 'name': path, 'versionInfo': bom.package.version,
        'primaryPackagePurpose': 'FILE', 'filesAnalyzed': False, 'packageFileName': path,
        'downloadLocation': 'NOASSERTION', 'licenseConcluded': 'NOASSERTION',
        'licenseDeclared': bom.package.licence, 'copyrightText': 'NOASSERTION',
        'checksums': [_checksum(digest)]}


def _organisation(maintainer):
    """`Name <address>` as SPDX writes it."""
    name, _, address = maintainer.partition(' <')
    return f'Organization: {name} ({address[:-1]})' if address else f'Organization: {name}'


def _relationships(bom, programs):
    own = _of(bom.package)
    yield _relationship(NAME_OF_DOCUMENT, 'DESCRIBES', own)
    yield from (_relationship(own, 'CONTAINS', program) for program in programs)
    yield from (_relationship(own, 'DYNAMIC_LINK', _of(part)) for part in _sorted(bom.direct))
    yield from (_relationship(own, 'STATIC_LINK', _of(part)) for part in _sorted(bom.compiled_in))
    for user in _sorted(bom.linked):
        for part in _sorted(bom.linked[user]):
            yield _relationship(_of(user), 'DYNAMIC_LINK', _of(part))


def _relationship(element, kind, related):
    return {'spdxElementId': element, 'relationshipType': kind, 'relatedSpdxElement': related}


def _sorted(packages):
    return sorted(packages, key=lambda package: package.purl)
