/** A purchase order as it is typed, and as the API takes it. Pure, with tests beside it. */
import type { components } from '@/client/schema'
import { plainAmount } from '@/lib/amount'

export type PurchaseDraftLine = {
  product_id: string
  sku: string
  name: string
  quantity: number
  /** Per unit, in the supplier's currency; empty: as agreed with it. */
  cost: string
}

type PurchaseDraft = { lines: PurchaseDraftLine[]; expected: string; note: string }

/** What is wrong with the cost of a unit, or null. */
export function costProblem(typed: string): string | null {
  return typed.trim() === '' || plainAmount(typed) !== null ? null : 'An amount, like 4.25.'
}

export function purchaseBody(
  supplierId: string,
  locationId: string,
  { lines, expected, note }: PurchaseDraft,
): components['schemas']['CreatePurchaseOrder'] {
  return {
    supplier_id: supplierId,
    location_id: locationId,
    lines: lines.map(({ product_id, quantity, cost }) => ({
      product_id,
      quantity,
      unit_cost: plainAmount(cost),
    })),
    expected_on: expected || null,
    note: note.trim() || null,
  }
}
