// Fails when package-lock.json names an optional dependency (a platform's binary) that it does not
// also hold, or carries a download address. A lock written while a release was still being
// published leaves platforms out, and `npm ci` then fails on the machines that need them.
import { readFileSync } from 'node:fs'

const lock = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'))
const packages = lock.packages
const problems = []

/** The entry npm would resolve `name` to from `folder`: the nearest node_modules upwards. */
function resolve(folder, name) {
  for (let at = folder; ; at = at.slice(0, Math.max(at.lastIndexOf('/node_modules/'), 0))) {
    const key = at === '' ? `node_modules/${name}` : `${at}/node_modules/${name}`
    if (packages[key]) return key
    if (at === '') return null
  }
}

for (const [folder, entry] of Object.entries(packages)) {
  if (entry.resolved) problems.push(`${folder} carries an address: ${entry.resolved}`)
  for (const name of Object.keys(entry.optionalDependencies ?? {})) {
    if (!resolve(folder, name)) problems.push(`${folder} needs ${name}, which the lock leaves out`)
  }
}

if (problems.length > 0) {
  console.error(`package-lock.json is not complete:\n  ${problems.join('\n  ')}`)
  console.error(
    'Pin a version whose platform packages are all published, delete the lock and run npm install.',
  )
  process.exit(1)
}
console.log(`package-lock.json: ${Object.keys(packages).length} entries, every platform present`)
