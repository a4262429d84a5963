/** The figures of sales, in the order in which they are read. */
import type { RevenueAnswer, SalesFigures } from '@/client/api'
import { addDays, daysBetween } from '@/lib/dates'
import { dayRange, month, shortDay, shortMonth, weekday } from '@/lib/format'
import type { Grain } from '@/lib/period'
import type { Bucket } from '@/ui/plot'

export const SALES_FIGURES = [
  { slug: 'revenue', label: 'Revenue', unit: 'money' },
  { slug: 'orders', label: 'Orders', unit: 'count' },
  { slug: 'average_order_value', label: 'Average order', unit: 'money' },
  { slug: 'units', label: 'Units', unit: 'count' },
  { slug: 'gross_profit', label: 'Gross profit', unit: 'money' },
  { slug: 'margin', label: 'Gross margin', unit: 'fraction' },
] as const

export type SalesSlug = (typeof SALES_FIGURES)[number]['slug']

export function figureOf(slug: SalesSlug) {
  return SALES_FIGURES.find((figure) => figure.slug === slug) ?? SALES_FIGURES[0]
}

/** Whether there is more to come of these days. `today` is the store's. */
export function isUnderWay({ from, to }: { from: string; to: string }, today: string): boolean {
  return from <= today && today < to
}

/** The rows of an answer grouped by time, as a chart draws them. `today` is the store's. */
export function bucketsOf(
  answer: RevenueAnswer,
  slug: keyof SalesFigures,
  grain: Grain,
  today: string,
): Bucket[] {
  const { previous_period: before, period } = answer
  const shift = before ? daysBetween(before.from, period.from) : 0
  return answer.rows.map((row) => ({
    key: row.from,
    tick: tick(row.from, grain),
    label: label(row.from, row.to, grain),
    value: row[slug],
    previous: row.previous?.[slug] ?? null,
    // Only days line up one to one with days of the other period.
    previousLabel: grain === 'day' ? shortDay(addDays(row.from, -shift)) : 'period before',
    partial: isUnderWay(row, today),
  }))
}

function tick(start: string, grain: Grain): string {
  if (grain !== 'month') return shortDay(start)
  return start.slice(5, 7) === '01' ? start.slice(0, 4) : shortMonth(start)
}

function label(start: string, end: string, grain: Grain): string {
  if (grain === 'day') return weekday(start)
  const whole = start.endsWith('-01') && end.endsWith('-01')
  return grain === 'month' && whole ? month(start) : dayRange(start, addDays(end, -1))
}
