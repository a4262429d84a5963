/**
 * Which days the dashboard shows. In the address a custom range is written as people say it, first
 * and last day both included (`2026-10-01..2026-10-31`); the API gets the half-open `[from, to)`.
 * This is the only place where one becomes the other.
 */
import { addDays, addMonths, type Day, daysBetween, isDay, startOfMonth } from './dates'

export type Preset = 'today' | 'yesterday' | '7d' | '30d' | '90d' | 'mtd' | '12m'
export type Range = Preset | `${Day}..${Day}`
export type Grain = 'day' | 'week' | 'month'
export type Period = { from: Day; to: Day }

export const DEFAULT_RANGE: Preset = '30d'

/** In the order of the menu; `key` is the keyboard shortcut. */
export const PRESETS: { preset: Preset; label: string; key?: string }[] = [
  { preset: 'today', label: 'Today', key: 'T' },
  { preset: 'yesterday', label: 'Yesterday' },
  { preset: '7d', label: 'Last 7 days', key: '7' },
  { preset: '30d', label: 'Last 30 days', key: '3' },
  { preset: '90d', label: 'Last 90 days', key: '9' },
  { preset: 'mtd', label: 'Month to date' },
  { preset: '12m', label: 'Last 12 months' },
]

export function isPreset(text: string): text is Preset {
  return PRESETS.some(({ preset }) => preset === text)
}

/** The range an address names, or null when it names none. Days the wrong way round are turned. */
export function readRange(text: unknown): Range | null {
  if (typeof text !== 'string') return null
  if (isPreset(text)) return text
  const [first, last, ...rest] = text.split('..')
  if (!first || !last || rest.length > 0 || !isDay(first) || !isDay(last)) return null
  return first <= last ? `${first}..${last}` : `${last}..${first}`
}

export function periodOf(range: Range, today: Day): Period {
  const tomorrow = addDays(today, 1)
  switch (range) {
    case 'today':
      return { from: today, to: tomorrow }
    case 'yesterday':
      return { from: addDays(today, -1), to: today }
    case '7d':
      return { from: addDays(today, -6), to: tomorrow }
    case '30d':
      return { from: addDays(today, -29), to: tomorrow }
    case '90d':
      return { from: addDays(today, -89), to: tomorrow }
    case 'mtd':
      return { from: startOfMonth(today), to: tomorrow }
    case '12m':
      return { from: addDays(addMonths(today, -12), 1), to: tomorrow }
    default: {
      const [first, last] = range.split('..') as [Day, Day]
      return { from: first, to: addDays(last, 1) }
    }
  }
}

export function rangeLabel(range: Range): string {
  return PRESETS.find(({ preset }) => preset === range)?.label ?? 'Custom range'
}

/** The API draws at most this many buckets. */
const MAX_BUCKETS = 400

/** Grains that give a chart worth looking at: more than one bucket, and no more than fit. */
export function grainsFor(days: number): Grain[] {
  const grains: Grain[] = []
  if (days <= MAX_BUCKETS) grains.push('day')
  if (days > 7 && days / 7 + 1 <= MAX_BUCKETS) grains.push('week')
  if (days > 31) grains.push('month')
  return grains
}

export function defaultGrain(days: number): Grain {
  if (days <= 92) return 'day'
  return days <= 730 ? 'week' : 'month'
}

/** The wanted grain where it makes sense for the period, else the period's own. */
export function grainOf(wanted: Grain | undefined, period: Period): Grain {
  const days = daysBetween(period.from, period.to)
  return wanted && grainsFor(days).includes(wanted) ? wanted : defaultGrain(days)
}
