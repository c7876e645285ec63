"""A recipient that keeps the bodies it is sent, and confirms them only when it is told to."""
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from loopback import LOOPBACK


class RecordingCity:
    def __init__(self, port):
        self.batches = []
        self.confirms = False
        city = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *arguments):
                pass

            def do_POST(self):
                body = self.rfile.read(int(self.headers['Content-Length']))
                if city.confirms:
                    city.batches.append(json.loads(body))
                self.send_response(200 if city.confirms else 503)
                self.send_header('Content-Length', '0')
                self.end_headers()

        self._server = ThreadingHTTPServer((LOOPBACK, port), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()
