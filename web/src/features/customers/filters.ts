/** What the list of customers shows: the address, and nothing else. */
import { readText } from '@/lib/search'

/** Stands for our own shop where a channel is asked for. */
export const OWN = 'own'

export type CustomersSearch = {
  q?: string
  /** A group's code. */
  group?: string
  /** A channel's code, or `own`. */
  channel?: string
  country?: string
  /** The form for a new one is open. */
  new?: '1'
}

/** Reads an address that anybody may have typed: what makes no sense is left out. */
export function readCustomersSearch(search: Record<string, unknown>): CustomersSearch {
  const q = readText(search.q)
  const group = readText(search.group)
  const channel = readText(search.channel)
  const country = readText(search.country)?.toUpperCase()
  return {
    ...(q && { q }),
    ...(group && { group }),
    ...(channel && { channel }),
    ...(country && /^[A-Z]{2}$/.test(country) && { country }),
    ...(search.new === '1' && { new: '1' }),
  }
}

export function customersParams({ q, group, channel, country }: CustomersSearch) {
  return { ...(q && { q: q.trim() }), group, channel, country }
}

export function isFiltered(search: CustomersSearch): boolean {
  return Object.keys(search).some((name) => name !== 'new')
}
