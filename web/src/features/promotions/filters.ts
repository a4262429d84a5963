/** What the list of promotions shows: the address, and nothing else. */
import { readText } from '@/lib/search'

export type PromotionsSearch = {
  q?: string
  /** Only those that are switched on, or off. */
  active?: 'yes' | 'no'
  /** The id of the one whose sheet is open, or `new`. */
  open?: string
}

/** Reads an address that anybody may have typed: what makes no sense is left out. */
export function readPromotionsSearch(search: Record<string, unknown>): PromotionsSearch {
  const q = readText(search.q)
  const open = readText(search.open)
  return {
    ...(q && { q }),
    ...((search.active === 'yes' || search.active === 'no') && { active: search.active }),
    ...(open && { open }),
  }
}

export function promotionsParams({ q, active }: PromotionsSearch) {
  return { ...(q && { q: q.trim() }), ...(active && { is_active: active === 'yes' }) }
}

export function isFiltered({ q, active }: PromotionsSearch): boolean {
  return q !== undefined || active !== undefined
}
