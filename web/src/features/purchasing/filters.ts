/** What the pages of purchasing show: the address, and nothing else. */
import type { PurchaseStatus } from '@/client/api'
import { readKnown, readText } from '@/lib/search'

export const PURCHASE_STATUSES = [
  'draft',
  'ordered',
  'partial',
  'received',
  'cancelled',
] as const satisfies readonly PurchaseStatus[]

export type PurchasesSearch = {
  status?: PurchaseStatus
  /** An id. */
  supplier?: string
  /** Whether the sheet of a new one is open. */
  open?: 'new'
}

/** Reads an address that anybody may have typed: what makes no sense is left out. */
export function readPurchasesSearch(search: Record<string, unknown>): PurchasesSearch {
  const [status] = readKnown(search.status, PURCHASE_STATUSES)
  const supplier = readText(search.supplier)
  return {
    ...(status && { status }),
    ...(supplier && { supplier }),
    ...(search.open === 'new' && { open: 'new' as const }),
  }
}

export type SuppliersSearch = {
  q?: string
  /** `no`: only those that nothing is ordered from any more; `all`: them too. */
  active?: 'no' | 'all'
  /** The id of the one whose sheet is open, or `new`. */
  open?: string
  /** The id of the one of which the sheet of what it sells is open. */
  sells?: string
}

export function readSuppliersSearch(search: Record<string, unknown>): SuppliersSearch {
  const q = readText(search.q)
  const open = readText(search.open)
  const sells = readText(search.sells)
  return {
    ...(q && { q }),
    ...((search.active === 'no' || search.active === 'all') && { active: search.active }),
    ...(open && { open }),
    ...(sells && { sells }),
  }
}

export function suppliersParams({ q, active }: SuppliersSearch) {
  return { ...(q && { q: q.trim() }), ...(active !== 'all' && { is_active: active !== 'no' }) }
}
