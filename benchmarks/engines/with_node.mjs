// Validate with an npm package: node with_node.mjs PACKAGE DATA.nt SHAPES.ttl REPORT.nt, run where the packages are.
import { createReadStream, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const there = createRequire(process.cwd() + '/package.json')
const load = (name) => import(pathToFileURL(there.resolve(name)))
const [engine, dataFile, shapesFile, reportFile] = process.argv.slice(2)
const { StreamParser, Writer } = await load('n3')
const rdf = (await load('rdf-ext')).default

async function read (file) {
  const dataset = rdf.dataset()
  for await (const quad of createReadStream(file).pipe(new StreamParser())) dataset.add(quad)
  return dataset
}

const [dataset, shapes] = [await read(dataFile), await read(shapesFile)]
let report
if (engine === 'shacl-engine') {
  const { Validator } = await load('shacl-engine')
  report = await new Validator(shapes, { factory: rdf }).validate({ dataset })
} else {
  const { default: Validator } = await load('rdf-validate-shacl')
  report = await new Validator(shapes).validate(dataset)
}
writeFileSync(reportFile, new Writer({ format: 'N-Triples' }).quadsToString([...report.dataset]))
