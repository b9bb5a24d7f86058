// Reads a JSON-LD document from standard input with jsonld.js and writes, as N-Quads on standard output, the
// statements that it finds. Nothing is loaded from anywhere; whatever would be dropped is an error.
import jsonld from 'jsonld';

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);

const nquads = await jsonld.canonize(JSON.parse(Buffer.concat(chunks).toString('utf8')), {
  algorithm: 'RDFC-1.0',
  format: 'application/n-quads',
  safe: true,
  documentLoader: async (url) => { throw new Error(`nothing may be loaded, and ${url} was asked for`); },
});
process.stdout.write(nquads);
