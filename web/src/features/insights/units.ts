/** How figures are written, by the unit that the catalogue gives them. Undefined is a dash. */
import type { ExplainAnswer } from '@/client/api'
import { count, countCompact, DASH, money, moneyCompact, moneyParts, percent } from '@/lib/format'

export type Unit = 'money' | 'count' | 'fraction' | 'days' | 'hours' | 'score' | 'per_day'

const decimals = (value: number, digits: number) =>
  new Intl.NumberFormat('en-GB', { maximumFractionDigits: digits }).format(value)

export function written(value: number | null, unit: string, currency: string): string {
  if (value === null) return DASH
  switch (unit as Unit) {
    case 'money':
      return money(value, currency)
    case 'fraction':
      return `${value < 0 ? '−' : ''}${percent(value)}`
    case 'days':
      return `${decimals(value, 1)} days`
    case 'hours':
      return `${decimals(value, 1)} h`
    case 'score':
      return decimals(value, 1)
    case 'per_day':
      return `${decimals(value, 2)} a day`
    default:
      return Number.isInteger(value) ? count(value) : decimals(value, 4)
  }
}

/** What the parts of a figure are counted in: money by a number of things, but a margin is money by money. */
export function partUnit(
  { metric, figure }: Pick<ExplainAnswer, 'metric' | 'figure'>,
  role: 'numerator' | 'denominator',
): string {
  if (metric.slug === 'margin') return 'money'
  if (role === 'denominator') return 'count'
  return figure.unit === 'money' || figure.denominator === null ? figure.unit : 'count'
}

/** In two parts, the second to be printed smaller. */
export function writtenParts(
  value: number | null,
  unit: string,
  currency: string,
): [string, string] {
  return unit === 'money' ? moneyParts(value, currency) : [written(value, unit, currency), '']
}

export function writtenShort(value: number, unit: string, currency: string): string {
  if (unit === 'money') return moneyCompact(value, currency)
  return unit === 'fraction' ? percent(value) : countCompact(value)
}
