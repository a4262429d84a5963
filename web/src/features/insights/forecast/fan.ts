/** A forecast as the chart shows it: the days that were, then those to come. */
import type { ForecastAnswer } from '@/client/api'
import { addDays, daysBetween } from '@/lib/dates'
import { shortDay, weekday } from '@/lib/format'
import type { FanDay } from '@/ui/FanChart'

export function fanOf(answer: ForecastAnswer): FanDay[] {
  return [...pastOf(answer), ...aheadOf(answer)]
}

/** Every day from the first one with demand to the last one that was known; those that were left out had none. */
function pastOf({ history, expected, origin }: ForecastAnswer): FanDay[] {
  const first = history[0]?.date
  if (first === undefined) return []
  const known = new Map(history.map((day) => [day.date, day]))
  const said = new Map(expected.map((day) => [day.date, day.predicted_units]))
  return Array.from({ length: daysBetween(first, origin) + 1 }, (_, index) => {
    const date = addDays(first, index)
    const day = known.get(date)
    return {
      ...named(date),
      past: day?.units ?? 0,
      said: said.get(date) ?? null,
      ahead: null,
      ...(day !== undefined && day.in_stock < 1 && { remark: 'stock had run out' }),
    }
  })
}

function aheadOf({ forecast }: ForecastAnswer): FanDay[] {
  return forecast.map((day) => ({
    ...named(day.date),
    past: null,
    said: null,
    ahead: {
      mean: day.predicted_units,
      low80: day.lower_80 ?? day.predicted_units,
      high80: day.upper_80 ?? day.predicted_units,
      low95: day.lower_95 ?? day.predicted_units,
      high95: day.upper_95 ?? day.predicted_units,
    },
  }))
}

function named(date: string) {
  return { key: date, tick: shortDay(date), label: weekday(date) }
}

/**
 * How far off what was expected a week before has been, over the days that stand beside it: units missed by units
 * sold, without days on which stock had run out; null where nothing was expected or sold.
 */
export function missedOf(answer: ForecastAnswer): number | null {
  const days = pastOf(answer).filter((day) => day.said !== null && day.remark === undefined)
  const sold = days.reduce((sum, { past }) => sum + (past ?? 0), 0)
  const missed = days.reduce((sum, { past, said }) => sum + Math.abs((past ?? 0) - (said ?? 0)), 0)
  return days.length > 0 && sold > 0 ? missed / sold : null
}

/** The range of the whole horizon's demand, where it is kept: quantiles of days never add up to it. */
export function totalOf({ totals, horizon_days: days }: ForecastAnswer) {
  return totals.find((total) => total.days === days) ?? null
}

/** Units as they are told to people: 3.4 of something rare, 1,234 of what sells. */
export function units(value: number): string {
  const digits = Math.abs(value) < 10 ? 1 : 0
  return value.toLocaleString('en-GB', { maximumFractionDigits: digits })
}
