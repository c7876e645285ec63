"""The bill of materials as CycloneDX 1.6 (ECMA-424) in JSON."""
import uuid
from datetime import datetime, timezone

import licence


def render(bom):
    """`bom` is what packaging/sbom has gathered."""
    package = bom.package
    own = _component(package, 'application')
    own['hashes'] = [_hash(bom.deb.sha256)]
    own['components'] = [
        {'type': 'file', 'bom-ref': f'file:{path}', 'name': path, 'hashes': [_hash(digest)]}
        for path, digest in sorted(bom.programs.items())]
    return {
        '$schema': 'http://cyclonedx.org/schema/bom-1.6.schema.json',
        'bomFormat': 'CycloneDX',
        'specVersion': '1.6',
        'serialNumber': uuid.uuid5(uuid.NAMESPACE_URL, f'cyclonedx:{bom.deb.sha256}').urn,
        'version': 1,
        'metadata': {
            'timestamp': datetime.fromtimestamp(bom.date, timezone.utc).isoformat(),
            'lifecycles': [{'phase': 'post-build'}],
            'tools': {'components': [{'type': 'application', 'name': 'packaging/sbom',
                                      'version': package.version}]},
            'component': own,
        },
        'components': [
            {**_component(part, 'library'), 'scope': 'required',
             'properties': _properties(bom, part)} for part in bom.parts],
        'dependencies': _dependencies(bom),
    }


def _hash(digest):
    return {'alg': 'SHA-256', 'content': digest}


def _component(package, kind):
    component = {'type': kind, 'bom-ref': package.purl, 'supplier': {'name': package.maintainer},
                 'name': package.name, 'version': package.version, 'purl': package.purl}
    if package.licence != licence.NO_ASSERTION:
        component['licenses'] = [{'expression': package.licence, 'acknowledgement': 'declared'}]
    return component


def _properties(bom, package):
    found = {'passerelle:linkage': 'compiled-in' if package in bom.compiled_in else 'shared',
             'debian:source': package.source, 'debian:source-version': package.source_version}
    return [{'name': name, 'value': value} for name, value in found.items()]


def _dependencies(bom):
    edges = {bom.package.purl: bom.direct | bom.compiled_in}
    edges.update((part.purl, bom.linked.get(part, set())) for part in bom.parts)
    return [{'ref': ref, 'dependsOn': sorted(part.purl for part in parts)}
            for ref, parts in edges.items()]
