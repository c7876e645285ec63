#!/usr/bin/python3
"""The city: a reference receiver of the batch contract, for tests and demonstrations.

Takes batches over HTTP(S) (POST to any path) and, with --mqtt-port, from an MQTT broker. A batch is
on the disk before it is confirmed. GET /summary gives the counts, GET /readings?limit=N the newest
readings, PUT /failures takes a plan (see city_failures.py).
"""
import argparse
import base64
import hashlib
import json
import os
import signal
import socket
import ssl
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))

from city_batch import BODY_BYTES_MAX, BadBatch, Decoder  # noqa: E402
from city_failures import Answer, Failures  # noqa: E402
from city_store import ERROR, KeyConflict, Store  # noqa: E402

READINGS_MAX = 1000  # of one answer
IDLE_SECONDS_MAX = 120


class City:
    """What both ways in share."""

    def __init__(self, store, failures):
        self.store = store
        self.failures = failures
        self.decoder = Decoder()

    def take(self, body, content_type, encoding, key=None):
        """Stores the batch in a body; the status of the answer."""
        try:
            batch = self.decoder.decode(body, content_type, encoding)
            if key is not None and key != batch.id:
                raise BadBatch('idempotency-key')
            if self.failures.refuses(batch):
                return 422
            return 200 if self.store.record(batch, hashlib.sha256(body).digest()) else 409
        except BadBatch as error:
            self.store.count(f'{ERROR}{error}')
            return 400
        except KeyConflict:
            self.store.count('key_conflicts')
            return 422


class Handler(BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    timeout = IDLE_SECONDS_MAX
    disable_nagle_algorithm = True
    city = None  # set by serve()
    token_file = None  # likewise

    def log_message(self, *arguments):
        pass

    def do_POST(self):
        body = self.read_body()
        if body is None:
            return
        if not self.is_authorised():
            self.answer(401)
            return
        failures = self.city.failures
        answer = failures.answer_body(len(body)) or Answer(self.digest_fault(body))
        if answer.status == 0:
            if failures.drops('before'):
                return self.drop()
            answer.status = self.city.take(
                body, self.headers.get('Content-Type', ''),
                self.headers.get('Content-Encoding', 'identity'),
                self.headers.get('Idempotency-Key', ''))
            if failures.drops('after'):
                return self.drop()
        if failures.delay:
            time.sleep(failures.delay)
        self.answer(answer.status, '', headers=answer.headers)

    def do_PUT(self):
        body = self.read_body()
        if body is None:
            return
        try:
            self.city.failures.set(body.decode())
            self.answer(204)
        except ValueError as error:
            self.answer(400, f'{error}\n')

    def do_GET(self):
        url = urlsplit(self.path)
        if not self.is_authorised():
            self.answer(401)
        elif url.path == '/summary':
            self.answer(200, json.dumps(self.city.store.summary(), ensure_ascii=False))
        elif url.path == '/readings':
            limit = int(parse_qs(url.query).get('limit', ['100'])[0])
            readings = self.city.store.newest(min(limit, READINGS_MAX))
            self.answer(200, f'[{",".join(readings)}]')
        else:
            self.answer(404)

    def is_authorised(self):
        """Who asks has the token, where one is asked for: the file may change while it runs."""
        if self.token_file is None:
            return True
        token = Path(self.token_file).read_text().strip()
        return self.headers.get('Authorization', '') == f'Bearer {token}'

    def read_body(self):
        size = int(self.headers.get('Content-Length', -1))
        if 0 <= size <= BODY_BYTES_MAX:
            body = self.rfile.read(size)
            return body if len(body) == size else None
        self.close_connection = True
        self.answer(411 if size < 0 else 413)
        return None

    def digest_fault(self, body):
        """400 unless the body is what its Content-Digest (RFC 9530) says; 0 if all is well."""
        digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
        if self.headers.get('Content-Digest') == f'sha-256=:{digest}:':
            return 0
        self.city.store.count(f'{ERROR}content-digest')
        return 400

    def answer(self, status, text='', headers=()):
        content = text.encode()
        self.send_response(status)
        for name, value in dict(headers).items():
            self.send_header(name, value)
        if status != 204:
            self.send_header('Content-Type', 'application/json')
            self.send_header('Content-Length', str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def drop(self):
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    tls = None

    def finish_request(self, request, client_address):
        """In the connection's own thread, so that a slow handshake holds up nobody else."""
        if self.tls:
            request = self.tls.wrap_socket(request, server_side=True)
        super().finish_request(request, client_address)

    def handle_error(self, request, client_address):
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


def tls_context(arguments):
    if not arguments.tls_cert:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(arguments.tls_cert, arguments.tls_key)
    if arguments.tls_client_ca:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(arguments.tls_client_ca)
    return context


def subscribe(city, arguments, connected):
    """Takes batches from a broker in a thread of its own; acknowledged when they are stored."""
    from paho.mqtt.client import Client

    client = Client(client_id='city-receiver', clean_session=False)

    def on_connect(client, *_):
        client.subscribe(arguments.topic, qos=1)

    client.on_connect = on_connect
    client.on_subscribe = lambda *_: connected.set()
    client.on_message = lambda _, __, message: city.take(message.payload, None, None)
    client.connect_async('127.0.0.1', arguments.mqtt_port)
    client.loop_start()
    return client


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('--address', default='127.0.0.1')
    parser.add_argument('--port', type=int, default=0, help='0: any')
    parser.add_argument('--database', required=True)
    parser.add_argument('--ready-file', help='gets {"port","url"} once batches are taken')
    parser.add_argument('--fail', default='', metavar='PLAN', help='see city_failures.py')
    parser.add_argument('--mqtt-port', type=int, help='of a broker on this machine')
    parser.add_argument('--topic', default='passerelle/+/+/batches')
    parser.add_argument('--token-file', help='who has not this bearer token gets 401')
    parser.add_argument('--tls-cert')
    parser.add_argument('--tls-key')
    parser.add_argument('--tls-client-ca', help='a client must have a certificate of it')
    return parser.parse_args()


def announce(server, arguments):
    port = server.server_address[1]
    url = f'{"https" if server.tls else "http"}://{arguments.address}:{port}'
    print(f'listening on {url}', flush=True)
    if arguments.ready_file:
        draft = Path(f'{arguments.ready_file}.new')
        draft.write_text(json.dumps({'port': port, 'url': url}))
        os.replace(draft, arguments.ready_file)


def main():
    arguments = parse_arguments()
    store = Store(arguments.database)
    Handler.city = City(store, Failures(arguments.fail))
    Handler.token_file = arguments.token_file
    server = Server((arguments.address, arguments.port), Handler)
    server.tls = tls_context(arguments)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
    subscriber = None
    if arguments.mqtt_port:
        connected = threading.Event()
        subscriber = subscribe(Handler.city, arguments, connected)
        connected.wait(10)
    announce(server, arguments)
    server.serve_forever(poll_interval=0.1)
    if subscriber:
        subscriber.loop_stop()
    store.close()


if __name__ == '__main__':
    main()
