/**
 * The address's query as plain words: `?range=7d&channel=amazon,shopify`. Lists are joined by commas;
 * a comma inside an item is escaped, so a category called "Toys, Games" survives.
 */
export type SearchValue = string | string[]
export type Search = Record<string, SearchValue>

export function parseSearch(text: string): Search {
  const search: Search = {}
  for (const pair of text.replace(/^\?/, '').split('&')) {
    const at = pair.indexOf('=')
    if (at < 1) continue
    const items = pair
      .slice(at + 1)
      .split(',')
      .map(decode)
    const [first = ''] = items
    search[decode(pair.slice(0, at))] = items.length > 1 ? items : first
  }
  return search
}

export function stringifySearch(search: Record<string, unknown>): string {
  const pairs = Object.entries(search).flatMap(([key, value]) => {
    if (value === undefined || value === null || value === '') return []
    const items = Array.isArray(value) ? value : [value]
    if (items.length === 0) return []
    return `${encodeURIComponent(key)}=${items.map((item) => encodeURIComponent(String(item))).join(',')}`
  })
  return pairs.length > 0 ? `?${pairs.join('&')}` : ''
}

/** Sorted and without repeats, so that one selection has one address. */
export function readList(value: unknown): string[] {
  const items = Array.isArray(value) ? value : [value]
  const words = items.filter((item): item is string => typeof item === 'string' && item !== '')
  return [...new Set(words)].sort()
}

/** Those of the words that are of a closed list, in the list's order. */
export function readKnown<Word extends string>(value: unknown, known: readonly Word[]): Word[] {
  const words: string[] = readList(value)
  return known.filter((word) => words.includes(word))
}

/** A text that somebody typed; nothing for none. */
export function readText(value: unknown): string | undefined {
  const text = (Array.isArray(value) ? value.join(',') : value) as unknown
  return typeof text === 'string' && text.trim() !== '' ? text : undefined
}

/** The value with or without the item. */
export function toggledIn(list: readonly string[] | undefined, item: string): string[] {
  const now = list ?? []
  return now.includes(item) ? now.filter((one) => one !== item) : [...now, item]
}

/** Plus signs are spaces in queries that other programs write; broken escapes are left as they are. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}
