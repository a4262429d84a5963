/** Options of a group and the variants they make. Pure, with tests beside it. */
import type { Pair } from './PairRows'

export type Options = Record<string, string[]>

/** "Red, Blue" as the API takes it; repeats and blanks are left out. */
export function optionsOf(typed: Pair[]): Options {
  const named = typed.filter(({ name }) => name.trim() !== '')
  return Object.fromEntries(named.map(({ name, value }) => [name.trim(), valuesOf(value)]))
}

function valuesOf(text: string): string[] {
  return [...new Set(text.split(',').map((value) => value.trim()))].filter(Boolean)
}

export function optionsProblem(typed: Pair[]): string | null {
  const named = typed.filter(({ name, value }) => name.trim() !== '' || value.trim() !== '')
  if (named.some(({ name }) => name.trim() === '')) return 'Every option needs a name, like Size.'
  const names = named.map(({ name }) => name.trim())
  if (new Set(names).size < names.length) return 'Two options have the same name.'
  const empty = named.find(({ value }) => valuesOf(value).length === 0)
  return empty ? `${empty.name.trim()} needs values, like S, M, L.` : null
}

export type Combination = Record<string, string>

const MOST = 500

/** Every combination of the options' values that is not among those there are. */
export function missing(options: Options, there: Combination[]): Combination[] {
  const key = (one: Combination) => JSON.stringify(Object.keys(options).map((name) => one[name]))
  const taken = new Set(there.map(key))
  let all: Combination[] = Object.keys(options).length > 0 ? [{}] : []
  for (const [name, values] of Object.entries(options)) {
    all = all.flatMap((one) => values.map((value) => ({ ...one, [name]: value }))).slice(0, MOST)
  }
  return all.filter((one) => !taken.has(key(one)))
}

/** A SKU to begin with: `SHIRT-RED-XL`. */
export function skuFor(stem: string, combination: Combination): string {
  return [stem, ...Object.values(combination)]
    .map((part) =>
      part
        .normalize('NFKD')
        .replaceAll(/[^\w]+/g, '')
        .toUpperCase(),
    )
    .filter(Boolean)
    .join('-')
    .slice(0, 128)
}
