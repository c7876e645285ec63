"""`passerelle decode` on the corpus of every format, and what it says to a person."""
import json
import subprocess
import unittest

from harness import PASSERELLE, ROOT

CORPUS = ROOT / 'tests/corpus'


class Decode(unittest.TestCase):
    def test_every_payload_of_the_corpus_gets_one_line_of_readings_or_an_error(self):
        formats = sorted(path.name for path in CORPUS.iterdir() if path.is_dir())
        self.assertTrue(formats)
        for name in formats:
            lines = [line for path in sorted((CORPUS / name).glob('*.jsonl'))
                     for line in path.read_text().splitlines()]
            with self.subTest(format=name):
                answers = [json.loads(line) for line in
                           decode('--format', name, text='\n'.join(lines) + '\n').splitlines()]
                self.assertEqual(len(answers), len(lines))
                for line, answer in zip(lines, answers):
                    self._check(answer)
                    refused = 'error' in json.loads(line)['expected']
                    # The cases of `json` are about one mapped member; here all of them are read.
                    if name != 'json':
                        self.assertEqual('error' in answer, refused, line)

    def test_a_payload_in_hexadecimal_becomes_readings(self):
        text = decode('--format', 'cayenne-lpp', '--hex', text='01670110\n')
        reading, = json.loads(text)['readings']
        self.assertEqual((reading['quantity'], reading['value'], reading['unit']),
                         ('temperature', 27.2, 'Cel'))

    def test_what_is_wrong_is_told_in_french_and_in_english(self):
        english, french = (json.loads(decode('--lang', language, '--format', 'cayenne-lpp', '--hex',
                                             text='0167\n'))['error'] for language in ('en', 'fr'))
        self.assertEqual(english['code'], french['code'])
        self.assertNotEqual(english['message'], french['message'])

    def _check(self, answer):
        self.assertEqual(len(answer), 1)
        if 'error' in answer:
            self.assertEqual(set(answer['error']), {'code', 'message'})
        else:
            for reading in answer['readings']:
                self.assertLessEqual({'device', 'quantity', 'value', 'unit', 'time', 'attributes'},
                                     set(reading))


def decode(*arguments, text):
    program = subprocess.run([PASSERELLE, 'decode', *arguments], input=text.encode(),
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
    assert not program.stderr, program.stderr.decode()
    return program.stdout.decode()


if __name__ == '__main__':
    unittest.main()
