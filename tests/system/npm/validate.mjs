// Validates a catalogue in JSON-LD against SHACL shapes in Turtle, without the network:
//
//   node validate.mjs FOLDER_OF_NODE_MODULES SHAPES... <CATALOGUE
//
// Prints {"triples", "results": [{"severity", "node", "path", "shape", "message"}]}.
import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {resolve} from 'node:path';
import {pathToFileURL} from 'node:url';

const [folder, ...shapeFiles] = process.argv.slice(2);
const require = createRequire(resolve(folder, 'package.json'));
const jsonld = require('jsonld');
const {Parser} = require('n3');
const validatorFile = resolve(folder, 'node_modules/rdf-validate-shacl/index.js');
const {default: Validator} = await import(pathToFileURL(validatorFile));
const environmentFile = resolve(folder, 'node_modules/rdf-validate-shacl/src/defaultEnv.js');
const {default: environment} = await import(pathToFileURL(environmentFile));

// A context that is not in the catalogue itself is an error.
const documentLoader = async (url) => {
    throw new Error(`the catalogue asks for ${url}`);
};

const nquads = await jsonld.toRDF(JSON.parse(readFileSync(0, 'utf8')), {
    format: 'application/n-quads', documentLoader, safe: true,
});
const quads = new Parser({format: 'N-Quads'}).parse(nquads);
const shapes = shapeFiles.flatMap((file) => new Parser().parse(readFileSync(file, 'utf8')));
const validator = new Validator(environment.dataset(shapes), {factory: environment});
const report = await validator.validate(environment.dataset(quads));
const text = (term) => (term ? term.value : null);
console.log(JSON.stringify({
    triples: quads.length,
    results: report.results.map((result) => ({
        severity: text(result.severity),
        node: text(result.focusNode),
        path: text(result.path),
        shape: text(result.sourceShape),
        message: result.message.map(text).join('; '),
    })),
}));
