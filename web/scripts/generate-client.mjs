// Writes src/client/schema.d.ts from the API's OpenAPI document.
// Usage: npm run client [-- PATH]   (default ../docs/openapi.json)
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import openapiTS, { astToString } from 'openapi-typescript'

const source = resolve(process.argv[2] ?? '../docs/openapi.json')
const target = new URL('../src/client/schema.d.ts', import.meta.url)
if (!existsSync(source)) {
  console.error(`No OpenAPI document at ${source}. Export it from the API first, or pass its path.`)
  process.exit(1)
}
const types = astToString(await openapiTS(JSON.parse(readFileSync(source, 'utf8'))))
const banner =
  '// Generated from the OpenAPI document by `npm run client`. Do not edit by hand.\n\n'
writeFileSync(target, banner + types)
console.log(`Wrote ${target.pathname}`)
