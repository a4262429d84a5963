/**
 * Numbers and dates as people read them. Exact in cards, tables and tooltips; compact on axes only.
 * Undefined (`null`) is a dash, never a zero. One locale, so that words and figures agree.
 */
import type { Day } from './dates'

const LOCALE = 'en-GB'
export const DASH = '–'

const cache = new Map<string, Intl.NumberFormat>()

function numberFormat(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = JSON.stringify(options)
  let format = cache.get(key)
  if (!format) {
    format = new Intl.NumberFormat(LOCALE, options)
    cache.set(key, format)
  }
  return format
}

function moneyFormat(currency: string, options: Intl.NumberFormatOptions = {}): Intl.NumberFormat {
  try {
    return numberFormat({ style: 'currency', currency, ...options })
  } catch {
    // A code Intl has never heard of is still shown, as text before the number.
    return numberFormat({ minimumFractionDigits: 2, maximumFractionDigits: 2, ...options })
  }
}

/** €125,430.50: to the minor unit, with the currency's own number of digits. */
export function money(value: number | null, currency: string): string {
  return value === null ? DASH : moneyFormat(currency).format(value)
}

/** The same amount in two parts, so that the minor unit can stand back: ['€125,430', '.50']. */
export function moneyParts(value: number | null, currency: string): [string, string] {
  if (value === null) return [DASH, '']
  const parts = moneyFormat(currency).formatToParts(value)
  const at = parts.findIndex((part) => part.type === 'decimal')
  const join = (some: Intl.NumberFormatPart[]) => some.map((part) => part.value).join('')
  return at < 0 ? [join(parts), ''] : [join(parts.slice(0, at)), join(parts.slice(at))]
}

/** €12.5k, for an axis or a bar where the exact amount stands beside it. */
export function moneyCompact(value: number, currency: string): string {
  return moneyFormat(currency, {
    notation: 'compact',
    minimumFractionDigits: 0,
    maximumFractionDigits: Math.abs(value) < 1000 ? 0 : 1,
  }).format(value)
}

export function count(value: number | null): string {
  return value === null ? DASH : numberFormat({}).format(value)
}

export function countCompact(value: number): string {
  return numberFormat({ notation: 'compact', maximumFractionDigits: 1 }).format(value)
}

/** 12.3%, without a sign; big changes lose the decimal. Takes a fraction. */
export function percent(fraction: number | null): string {
  if (fraction === null) return DASH
  const size = Math.abs(fraction)
  return numberFormat({ style: 'percent', maximumFractionDigits: size < 1 ? 1 : 0 }).format(size)
}

const dayFormat = (options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat(LOCALE, { timeZone: 'UTC', ...options })
const SHORT_DAY = dayFormat({ day: 'numeric', month: 'short' })
const FULL_DAY = dayFormat({ day: 'numeric', month: 'short', year: 'numeric' })
const WEEKDAY = dayFormat({ weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' })
const MONTH = dayFormat({ month: 'short', year: 'numeric' })
const SHORT_MONTH = dayFormat({ month: 'short' })

const at = (day: Day) => new Date(`${day}T00:00:00Z`)

export const shortDay = (day: Day) => SHORT_DAY.format(at(day))
export const fullDay = (day: Day) => FULL_DAY.format(at(day))
export const weekday = (day: Day) => WEEKDAY.format(at(day))
export const month = (day: Day) => MONTH.format(at(day))
export const shortMonth = (day: Day) => SHORT_MONTH.format(at(day))

/** The days from `first` to `last`, both included, with nothing said twice: "23 Oct – 21 Nov 2026". */
export function dayRange(first: Day, last: Day, withYear = true): string {
  const end = withYear ? fullDay(last) : shortDay(last)
  if (first === last) return end
  if (first.slice(0, 7) === last.slice(0, 7)) return `${Number(first.slice(8))} – ${end}`
  if (first.slice(0, 4) === last.slice(0, 4)) return `${shortDay(first)} – ${end}`
  return `${fullDay(first)} – ${fullDay(last)}`
}

/** "21 Nov 2026, 09:05", by the clocks of the store. */
export function moment(at: string | null, zone: string | undefined): string {
  if (at === null) return DASH
  return momentFormat(zone, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(at))
}

/** "21 Nov, 09:05": where the year is plain and room is short. */
export function shortMoment(at: string, zone: string | undefined): string {
  const parts = { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' } as const
  return momentFormat(zone, parts).format(new Date(at))
}

/** "09:05", by the clocks of the store. */
export function clockTime(at: string, zone: string | undefined): string {
  return momentFormat(zone, { hour: '2-digit', minute: '2-digit' }).format(new Date(at))
}

/** "21 Nov 2026", by the clocks of the store. */
export function dayOf(at: string, zone: string | undefined): string {
  return momentFormat(zone, { dateStyle: 'medium' }).format(new Date(at))
}

const moments = new Map<string, Intl.DateTimeFormat>()

function momentFormat(
  zone: string | undefined,
  options: Intl.DateTimeFormatOptions,
): Intl.DateTimeFormat {
  const key = JSON.stringify([zone, options])
  let format = moments.get(key)
  if (!format) {
    format = new Intl.DateTimeFormat(LOCALE, { timeZone: zone, ...options })
    moments.set(key, format)
  }
  return format
}

/** 1.5 MB, 320 kB. */
export function bytes(size: number): string {
  if (size < 1000) return `${size} B`
  const [value, unit] = size < 1_000_000 ? [size / 1000, 'kB'] : [size / 1_000_000, 'MB']
  return `${numberFormat({ maximumFractionDigits: value < 10 ? 1 : 0 }).format(value)} ${unit}`
}

/** "+3" or "−3": a change, with a sign that is as wide as the plus. */
export function signed(value: number): string {
  return `${value > 0 ? '+' : value < 0 ? '−' : ''}${count(Math.abs(value))}`
}

/** "partially_refunded" as people say it: "Partially refunded". */
export function wordOf(code: string): string {
  const words = code.replaceAll(/[_-]/g, ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** The end of an id that nobody gave a name: enough to tell it apart. */
export function shortId(id: string): string {
  return id.slice(-8)
}

/** How long ago, in one unit: "just now", "12 s", "4 min", "3 h", "2 days". */
export function age(seconds: number): string {
  if (seconds < 2) return 'just now'
  if (seconds < 60) return `${Math.floor(seconds)} s`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`
  if (seconds < 172_800) return `${Math.floor(seconds / 3600)} h`
  return `${count(Math.floor(seconds / 86_400))} days`
}

/** "just now" or "4 min ago". */
export function ago(seconds: number): string {
  const text = age(seconds)
  return text === 'just now' ? text : `${text} ago`
}

const REGIONS = new Intl.DisplayNames([LOCALE], { type: 'region' })

export function country(code: string | null): string {
  if (!code) return 'Unknown'
  try {
    return REGIONS.of(code) ?? code
  } catch {
    return code
  }
}

/** "1 order", "2 orders": the count and its noun. */
export function counted(value: number, one: string, many: string = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`
}

/** "a", "a and b", "a, b and c". */
export function listed(words: string[]): string {
  return new Intl.ListFormat(LOCALE, { type: 'conjunction' }).format(words)
}
