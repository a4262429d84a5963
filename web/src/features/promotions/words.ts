/** What a promotion takes off, when, and how it stands, in words. Pure, with tests beside it. */
import type { Promotion, PromotionKind } from '@/client/api'
import { dayIn } from '@/lib/dates'
import { counted, dayRange, fullDay, money } from '@/lib/format'
import type { Tone } from '@/ui/Badge'

export const KINDS: Record<PromotionKind, { label: string; about: string }> = {
  percent: {
    label: 'Percent off',
    about: 'A share of what the goods it is for are worth.',
  },
  amount: {
    label: 'Amount off',
    about: 'A fixed amount, at most what those goods are worth.',
  },
  free_shipping: { label: 'Free shipping', about: 'The price of shipping, whatever it is.' },
  buy_x_get_y: {
    label: 'Buy some, get some',
    about: 'The cheapest of every so many units are free, or cheaper.',
  },
}

export type State = 'off' | 'ended' | 'used_up' | 'scheduled' | 'running'

export const STATES: Record<State, { label: string; tone: Tone }> = {
  running: { label: 'Running', tone: 'good' },
  scheduled: { label: 'Scheduled', tone: 'accent' },
  used_up: { label: 'Used up', tone: 'warn' },
  ended: { label: 'Ended', tone: 'plain' },
  off: { label: 'Switched off', tone: 'plain' },
}

type Standing = Pick<Promotion, 'is_active' | 'starts_at' | 'ends_at' | 'total_limit' | 'used'>

/** How it stands at a moment, the reason first that would keep it from applying whatever the others say. */
export function stateOf(promotion: Standing, now: number): State {
  const { is_active, starts_at, ends_at, total_limit, used } = promotion
  if (!is_active) return 'off'
  if (ends_at !== null && Date.parse(ends_at) <= now) return 'ended'
  if (total_limit !== null && (used ?? 0) >= total_limit) return 'used_up'
  if (starts_at !== null && Date.parse(starts_at) > now) return 'scheduled'
  return 'running'
}

type Terms = Pick<Promotion, 'kind' | 'percent' | 'amount' | 'currency' | 'buy' | 'get'>

/** "10 % off", "€5.00 off", "Free shipping", "Buy 2, get 1 free". */
export function takesOff({ kind, percent, amount, currency, buy, get }: Terms): string {
  switch (kind) {
    case 'percent':
      return `${percent} % off`
    case 'amount':
      return `${money(amount, currency ?? '')} off`
    case 'free_shipping':
      return 'Free shipping'
    case 'buy_x_get_y':
      return `Buy ${buy}, get ${get} ${percent === null || percent === 100 ? 'free' : `${percent} % off`}`
  }
}

/** What else has to hold, shortly: "from €50.00 · 2 categories · 1 group". */
export function conditionsOf({ minimum, currency, conditions }: Promotion): string[] {
  const { skus = [], category_paths = [], customer_groups = [], countries = [] } = conditions
  return [
    minimum !== null && `from ${money(minimum, currency ?? '')}`,
    skus.length > 0 && counted(skus.length, 'SKU'),
    category_paths.length > 0 && counted(category_paths.length, 'category', 'categories'),
    customer_groups.length > 0 && counted(customer_groups.length, 'group'),
    countries.length > 0 && counted(countries.length, 'country', 'countries'),
  ].filter((part): part is string => typeof part === 'string')
}

/** "from 1 Nov 2026", "to 30 Nov 2026", "1 – 30 Nov 2026", "always": its first and its last day. */
export function whenOf({ starts_at, ends_at }: Standing, zone = 'UTC'): string {
  const first = starts_at && dayIn(zone, starts_at)
  // It is over from this moment on: at midnight the day before is the last one.
  const last = ends_at && dayIn(zone, new Date(Date.parse(ends_at) - 1).toISOString())
  if (first && last) return dayRange(first, last)
  if (first) return `from ${fullDay(first)}`
  return last ? `to ${fullDay(last)}` : 'always'
}
