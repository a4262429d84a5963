/** What the plan's codes are called. */
import type { Tone } from '@/ui/Badge'

export const HOLDS: Record<string, string> = {
  not_counted: 'Not counted',
  no_supplier: 'No supplier',
  no_cost: 'No cost',
  below_minimum: 'Below the minimum',
  shelf_life: 'Shelf life',
  over_budget: 'Over the budget',
  not_worth_it: 'Not worth it',
}

export const PACES: Record<string, { label: string; about: string; tone: Tone }> = {
  dead: { label: 'Dead', about: 'None sold in 180 days in stock.', tone: 'bad' },
  slow: {
    label: 'Slow',
    about: 'More likely than not no sale in 90 days, or covered for more than 180.',
    tone: 'warn',
  },
  moving: { label: 'Moving', about: 'Sells and runs out in good time.', tone: 'good' },
  new: { label: 'New', about: 'Here for less than 60 days: judged later.', tone: 'plain' },
}

export const ABC = ['A', 'B', 'C'] as const
export const XYZ = ['X', 'Y', 'Z', 'none'] as const

export const CLASS_WORDS: Record<string, string> = {
  A: 'first 80 %',
  B: 'next 15 %',
  C: 'last 5 %',
  X: 'even',
  Y: 'uneven',
  Z: 'erratic',
  none: 'too new',
}

/** Days as somebody plans with them; the plan looks half a year ahead. */
export function lasts(days: number | null): string {
  return days === null ? 'over 180 d' : `${days} d`
}
