/**
 * Calendar days as `YYYY-MM-DD` text. A day has no zone and no clock: arithmetic runs on UTC
 * midnights, so daylight saving cannot lengthen or shorten one.
 */
export type Day = string

const DAY = /^\d{4}-\d{2}-\d{2}$/
const MS_PER_DAY = 86_400_000

function utc(day: Day): Date {
  return new Date(`${day}T00:00:00Z`)
}

function text(date: Date): Day {
  return date.toISOString().slice(0, 10)
}

/** True for a day that exists: `2026-02-30` is refused, not moved to March. */
export function isDay(value: string): boolean {
  return DAY.test(value) && !Number.isNaN(utc(value).getTime()) && text(utc(value)) === value
}

export function addDays(day: Day, days: number): Day {
  return text(new Date(utc(day).getTime() + days * MS_PER_DAY))
}

/** The same day of another month, or that month's last day when it is shorter. */
export function addMonths(day: Day, months: number): Day {
  const date = utc(day)
  const first = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1))
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0))
  first.setUTCDate(Math.min(date.getUTCDate(), last.getUTCDate()))
  return text(first)
}

export function startOfMonth(day: Day): Day {
  return `${day.slice(0, 7)}-01`
}

/** Days in the half-open period `[from, to)`. */
export function daysBetween(from: Day, to: Day): number {
  return Math.round((utc(to).getTime() - utc(from).getTime()) / MS_PER_DAY)
}

/** The day of a moment, by the clocks of a zone. */
export function dayIn(zone: string, moment: string): Day {
  // Swedish writes days as ISO 8601 does.
  return new Intl.DateTimeFormat('sv-SE', { timeZone: zone }).format(new Date(moment))
}

/** Today where the person sits; only used until the store has told its own today. */
export function localToday(now: Date = new Date()): Day {
  const pad = (value: number) => String(value).padStart(2, '0')
  return `${now.getFullYear()}-${pad(now.getMonth() + 1)}-${pad(now.getDate())}`
}
