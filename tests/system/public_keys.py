"""Certificates of a test: an authority, and what it signs. Made by openssl, valid for two days."""
import subprocess
from pathlib import Path

_DAYS = '2'


class Authority:
    def __init__(self, directory):
        self._directory = Path(directory)
        self.certificate = self._directory / 'authority.crt'
        self._key = self._directory / 'authority.key'
        _openssl(*_request('test authority', self._key), '-x509', '-days', _DAYS,
                 '-out', self.certificate)

    def issue(self, name, addresses=''):
        """(certificate, key) for the common name; `addresses`: "IP:127.0.0.1"."""
        stem = self._directory / name
        certificate, key, request = (stem.with_suffix(end) for end in ('.crt', '.key', '.csr'))
        more = ['-addext', f'subjectAltName={addresses}'] if addresses else []
        _openssl(*_request(name, key), *more, '-out', request)
        _openssl('x509', '-req', '-in', request, '-CA', self.certificate, '-CAkey', self._key,
                 '-CAcreateserial', '-days', _DAYS, '-copy_extensions', 'copy',
                 '-out', certificate)
        return certificate, key


def _request(name, key):
    return ['req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes',
            '-subj', f'/CN={name}', '-keyout', key]


def _openssl(*arguments):
    subprocess.run(['openssl', *map(str, arguments)], check=True, capture_output=True)
