/** A stock adjustment as it is typed, and as the ledger takes it. Pure, with tests beside it. */
import type { Adjustment } from '@/client/api'

export type AdjustReason = Adjustment['reason']

export const ADJUST_REASONS: { value: AdjustReason; label: string; about: string }[] = [
  {
    value: 'count',
    label: 'Counted: so many are there',
    about: 'Sets what is there to what you counted.',
  },
  { value: 'receipt', label: 'Goods came in', about: 'Adds units.' },
  {
    value: 'return',
    label: 'Came back from a buyer',
    about: 'Adds units. Returns of orders do this by themselves.',
  },
  { value: 'damage', label: 'Damaged, lost or stolen', about: 'Takes units away.' },
  { value: 'adjustment', label: 'Correction', about: 'Adds or, with a minus, takes away.' },
]

/** The change that is booked, or null while the number makes none. */
export function deltaOf(reason: AdjustReason, typed: string, onHand: number): number | null {
  const text = typed.trim().replace('−', '-')
  if (!/^[+-]?\d{1,9}$/.test(text)) return null
  const number = Number(text)
  switch (reason) {
    case 'count':
      return number < 0 ? null : number - onHand
    case 'adjustment':
      return number
    case 'damage':
      return number > 0 ? -number : null
    default:
      return number > 0 ? number : null
  }
}

/** What is wrong with it, or null. */
export function adjustProblem(reason: AdjustReason, typed: string, onHand: number): string | null {
  const delta = deltaOf(reason, typed, onHand)
  if (delta === null) {
    if (reason === 'adjustment') return 'A whole number, like 3 or -3.'
    return reason === 'count' ? 'A whole number, 0 or more.' : 'A whole number above 0.'
  }
  if (delta === 0) return reason === 'count' ? 'That is what the ledger says already.' : 'Not zero.'
  if (onHand + delta < 0) return `Only ${onHand} are there.`
  return null
}
