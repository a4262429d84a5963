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

/** Plus signs are spaces in queries that other programs write; broken escapes are left as they are. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}
