/** What is typed to change the lines of an order, as the API takes it. Pure, with tests beside it. */
import type { Order } from '@/client/api'
import type { components } from '@/client/schema'
import { plainAmount } from '@/lib/amount'

export type AddedLine = { product_id: string; sku: string; name: string; quantity: number }

export type EditTyped = {
  /** By line number, those that were touched. */
  units: Record<number, number>
  added: AddedLine[]
  /** null: as it was. */
  shipping: string | null
  reason: string
}

/** The body of the request, or null while nothing would be changed, or nothing left. */
export function editAsked(
  order: Order,
  { units, added: typed, shipping, reason }: EditTyped,
): components['schemas']['EditOrder'] | null {
  const added = typed.filter(({ quantity }) => quantity > 0)
  const quantities = order.items.flatMap(({ line_no, quantity }) => {
    const next = units[line_no] ?? quantity
    return next === quantity ? [] : [{ line_no, quantity: next }]
  })
  const price = shipping === null ? null : plainAmount(shipping)
  const isDearer = price !== null && Number(price) !== order.shipping
  if (quantities.length === 0 && added.length === 0 && !isDearer) return null
  const stays = order.items.some(({ line_no, quantity }) => (units[line_no] ?? quantity) > 0)
  if (!stays && added.length === 0) return null
  return {
    quantities,
    add: added.map(({ sku, quantity }) => ({ sku, quantity })),
    ...(isDearer && { shipping: price }),
    reason: reason.trim() || null,
  }
}

/** What is wrong with the price of shipping, or null. */
export function shippingProblem(typed: string | null): string | null {
  return typed === null || plainAmount(typed) !== null ? null : 'Write an amount, like 4.90.'
}
