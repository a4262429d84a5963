/** What is typed into a refund, as the API takes it. Pure, with tests beside it. */
import type { RefundAsked } from '@/client/api'
import { plainAmount } from '@/lib/amount'
import { money } from '@/lib/format'

export type RefundMode = 'units' | 'amount' | 'all'

export type RefundTyped = {
  mode: RefundMode
  lines: { line_no: number; quantity: number }[]
  shipping: boolean
  amount: string
  reason: string
}

/** The body of the request, or null while there is nothing to ask for. */
export function refundAsked({
  mode,
  lines,
  shipping,
  amount,
  reason,
}: RefundTyped): RefundAsked | null {
  const common = { with_shipping: false, reason: reason.trim() || null }
  switch (mode) {
    case 'all':
      return common
    case 'amount': {
      const text = plainAmount(amount)
      return text && Number(text) > 0 ? { ...common, amount: text } : null
    }
    case 'units':
      if (lines.length === 0 && !shipping) return null
      return { ...common, with_shipping: shipping, ...(lines.length > 0 && { lines }) }
  }
}

export function readAmount(typed: string): number {
  return Number(plainAmount(typed) ?? NaN)
}

/** What is wrong with an amount, or null. */
export function amountProblem(typed: string, most: number, currency: string): string | null {
  const amount = readAmount(typed)
  if (Number.isNaN(amount)) return 'Write an amount, like 12.50.'
  if (amount <= 0) return 'The amount is above zero.'
  if (amount > most) return `Only ${money(most, currency)} are left to give back.`
  return null
}
