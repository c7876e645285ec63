"""The status page in a real browser: usable by everybody, alive, small, and good without a script."""
import json
import os
import re
import socket
import time
import unittest
import urllib.request
import zlib

from browser import DESKTOP, PHONE, Browser
from harness import Gateway, StageTest, eventually
from load import publish, stamp
from loopback import LOOPBACK

PAGE_BYTES_MAX = 100_000
# Half a second of a link of 64 kbit/s.
FIRST_SCREEN_BYTES = 4_000


class PageTest(StageTest):
    language = 'en'

    def setUp(self):
        super().setUp()
        self.browser = Browser()
        self.addCleanup(self.browser.close)

    def make_gateway(self):
        return Gateway(self.directory, self.settings, self.ports.status, language=self.language)

    def url(self, path='/'):
        return f'http://{LOOPBACK}:{self.ports.status}{path}'

    def store(self, count):
        """So many readings more; how many there are then."""
        now_ms = int(time.time()) * 1000
        expected = self.gateway.ledger()['stored'] + count
        publish(self.ports.mqtt, [('water/m-1/reading', json.dumps(
            {'ts': stamp(now_ms + value), 'm3': expected + value})) for value in range(count)])
        eventually(lambda: self.gateway.ledger()['stored'] >= expected, 'the readings are stored')
        return expected

    def refuse_one(self):
        """A second device, of which something is stored and something is refused."""
        before = self.gateway.ledger()['received']
        publish(self.ports.mqtt, [
            ('water/m-2/reading', json.dumps({'ts': stamp(int(time.time() * 1000)), 'm3': 7})),
            ('water/m-2/reading', '{"m3": ')])
        eventually(lambda: self.gateway.ledger()['received'] >= before + 2, 'both are counted')

    def page(self):
        return self.browser.ask('title')

    def names(self):
        """Of the devices on the page."""
        return re.findall('<h3>([^<]*)</h3>', self.browser.ask('content'))

    def follow(self, path):
        """To a link with the Tab key, and through it."""
        self.browser.ask('tabTo', selector=f'a[href="{path}"]')
        self.browser.ask('enter')

    def write_search(self, text):
        self.browser.ask('tabTo', selector='#search')
        self.browser.ask('press', key='Control+A')
        self.browser.ask('type', text=text)
        self.browser.ask('enter')

    def keep_screenshot(self, name):
        """Where PASSERELLE_SCREENSHOTS says, for people to look at."""
        directory = os.environ.get('PASSERELLE_SCREENSHOTS')
        if directory:
            self.browser.ask('screenshot', file=f'{directory}/{name}.png')

    def until_drawn(self):
        """The charts have a step."""
        eventually(lambda: '<svg' in self.gateway.get('/')[2], 'a step of the history is over')

    def cut_off(self):
        """The uplink's recipient goes, and readings wait."""
        self.city.kill()
        self.store(3)
        eventually(lambda: self.gateway.status()['problems'], 'the outage is told')


class Accessible(PageTest):
    def audit(self):
        for scheme in ('light', 'dark'):
            for viewport in (DESKTOP, PHONE):
                for path in ('/', '/notice', '/devices.html', '/devices.html?search=m-1&silent=1'):
                    with self.subTest(scheme=scheme, width=viewport['width'], path=path):
                        self.browser.open(self.url(path), viewport, scheme)
                        self.assertEqual(self.browser.ask('audit'), [])

    def test_axe_finds_nothing_against_it(self):
        self.store(20)
        self.until_drawn()
        self.audit()
        self.cut_off()
        self.audit()
        # The control: it finds a page without a language and an image without a text.
        self.browser.ask('evaluate', script='document.documentElement.removeAttribute("lang"), '
                                            'document.body.append(new Image(9, 9))')
        rules = {violation[0] for violation in self.browser.ask('audit')}
        self.assertLessEqual({'html-has-lang', 'image-alt'}, rules)

    def test_a_device_is_found_with_the_keyboard_alone(self):
        for script in (True, False):
            with self.subTest(script=script):
                self.find_devices(script)

    def find_devices(self, script):
        self.store(5)
        self.refuse_one()
        self.browser.open(self.url(), script=script)
        self.follow('/devices.html')
        self.assertEqual(self.names(), ['m-1', 'm-2'])
        self.write_search('m-2')
        self.assertEqual(self.names(), ['m-2'])
        # What was found is the page's title, which a screen reader says first of it.
        count = {'en': '1 device found', 'fr': '1 appareil trouvé'}[self.language]
        self.assertTrue(self.page().startswith(count), self.page())
        cause = {'en': 'cut short', 'fr': 'message tronqué'}[self.language]
        self.assertIn(cause, self.browser.ask('content'))
        self.write_search('nobody')
        self.assertEqual(self.names(), [])
        self.follow('/')
        seen = self.browser.ask('seen')
        self.assertEqual(seen['complaints'], [])
        self.assertIn(self.url('/devices.html?search=m-2'), seen['requests'])

    def test_the_list_of_devices_fits_a_screen_and_a_phone(self):
        self.store(5)
        self.refuse_one()
        for name, viewport in (('desktop', DESKTOP), ('phone', PHONE)):
            for scheme in ('light', 'dark'):
                self.browser.open(self.url('/devices.html?search=m'), viewport, scheme)
                wide = 'document.documentElement.scrollWidth > innerWidth'
                self.assertFalse(self.browser.ask('evaluate', script=wide), name)
                self.keep_screenshot(f'devices-{self.language}-{name}-{scheme}')

    def test_what_opens_and_has_the_focus_outlives_an_update(self):
        self.store(5)
        self.until_drawn()
        self.browser.open(self.url())
        focused = 'document.activeElement.id'
        for _ in range(20):
            if self.browser.ask('evaluate', script=focused) == 'hour-summary':
                break
            self.browser.ask('press', key='Tab')
        self.browser.ask('press', key='Enter')
        self.browser.until('document.getElementById("hour-figures").open')
        before = self.browser.text('#part-hour')
        self.store(40)
        self.browser.until(f'document.getElementById("part-hour").innerText != {before!r}')
        self.assertEqual(self.browser.ask('evaluate', script=focused), 'hour-summary')
        self.browser.until('document.getElementById("hour-figures").open')


class AccessibleInFrench(Accessible):
    language = 'fr'


class Alive(PageTest):
    def test_an_update_arrives_without_a_reload(self):
        stored = self.store(5)
        self.browser.open(self.url())
        self.browser.ask('evaluate', script='window.isSame = true')
        stored = self.store(7)
        self.browser.until(
            f'document.querySelector("#part-ledger dl").innerText.includes("{stored}")')
        self.cut_off()
        self.browser.until('document.querySelector("#part-state .degraded")')
        self.browser.until('document.title.startsWith("!")')
        self.assertIn('city', self.browser.text('#part-problems'))
        self.assertTrue(self.browser.ask('evaluate', script='window.isSame'))
        seen = self.browser.ask('seen')
        self.assertEqual(seen['complaints'], [])
        self.assertEqual({url.split('?')[0] for url in seen['requests']},
                         {self.url(), self.url('/events')})

    def test_a_page_says_that_it_is_old_and_comes_back_with_the_gateway(self):
        self.browser.open(self.url())
        self.assertTrue(self.browser.ask('evaluate', script='stale.hidden'))
        self.gateway.kill()
        self.browser.until('!stale.hidden')
        self.browser.ask('evaluate', script='window.isOld = true')
        self.gateway = self.start_gateway()
        self.browser.until('!window.isOld && stale.hidden')

    def test_without_a_script_it_shows_everything_and_renews_itself(self):
        self.store(20)
        self.until_drawn()
        self.browser.open(self.url(), script=False)
        page = self.browser.ask('content')
        for part in ('Everything works', 'part-hour', '<svg', 'part-buffer', 'part-uplinks',
                     'part-sources', 'part-clock', 'href="/notice"'):
            self.assertIn(part, page)
        def renewals():
            return self.browser.ask('seen')['requests'].count(self.url())
        eventually(lambda: renewals() > 1, 'it asks for itself again')
        self.assertEqual(set(self.browser.ask('seen')['requests']), {self.url()})


class Small(PageTest):
    def test_it_is_small_and_says_how_it_stands_in_half_a_second_of_a_slow_link(self):
        self.store(20)
        self.until_drawn()
        self.cut_off()
        self.assertLess(len(self.gateway.get('/')[2].encode()), PAGE_BYTES_MAX)
        answer = self.answer('Accept-Encoding: gzip\r\n')
        self.assertLess(len(answer), PAGE_BYTES_MAX / 4)
        head, body = answer.split(b'\r\n\r\n', 1)
        self.assertIn(b'Content-Encoding: gzip', head)
        first = zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(
            body[:FIRST_SCREEN_BYTES - len(head) - 4]).decode(errors='replace')
        self.assertIn('something needs attention', first)
        self.assertIn('uplink-unreachable:city', first)
        # The control: without compression the style sheet alone is longer.
        self.assertNotIn(b'needs attention', self.answer('')[:FIRST_SCREEN_BYTES])

    def answer(self, header):
        with socket.create_connection((LOOPBACK, self.ports.status), timeout=10) as connection:
            connection.sendall(f'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{header}'
                               '\r\n'.encode())
            return b''.join(iter(lambda: connection.recv(65536), b''))

    def test_it_needs_nothing_from_elsewhere(self):
        page = self.gateway.get('/')[2]
        self.assertEqual(re.findall(r'(?:src|href)="(?!/)[^"]*"', page), [])
        with urllib.request.urlopen(self.url(), timeout=10) as answer:
            policy = answer.headers['Content-Security-Policy']
        self.assertNotIn('unsafe', policy)
        self.assertTrue(policy.startswith("default-src 'none'"))


if __name__ == '__main__':
    unittest.main()
