/** What the dashboard says when it has no figures to show. */
import { CalendarX2, FilterX, Ship } from 'lucide-react'
import type { Filters, Metrics } from '@/client/api'
import { addDays, type Day, dayIn, daysBetween } from '@/lib/dates'
import { dayRange, fullDay } from '@/lib/format'
import type { Range } from '@/lib/period'
import { Button } from '@/ui/Button'
import { Command } from '@/ui/Command'
import { PANEL } from '@/ui/Failed'
import { Message } from '@/ui/Message'
import { filterCount } from './filters'
import type { Steering } from './useDashboard'

/** Nothing was ever sold here. */
export function EmptyStore() {
  return (
    <Message icon={Ship} title="No orders yet" className={PANEL}>
      <p>
        Import the orders you already have, or look around with a made-up store. This page fills by
        itself.
      </p>
      <div className="mt-4 flex flex-col items-center gap-2">
        <Command>tradewind import generic orders.csv</Command>
        <Command>tradewind up --demo</Command>
      </div>
    </Message>
  )
}

type EmptyPeriodProps = {
  metrics: Metrics
  steering: Steering
  filters: Filters | undefined
}

/** Sales there are, but not in this range with these filters. */
export function EmptyPeriod({ metrics, steering, filters }: EmptyPeriodProps) {
  const filtered = filterCount(steering.search) > 0
  const ways = waysOut(metrics, filters)
  return (
    <Message
      icon={filtered ? FilterX : CalendarX2}
      title={filtered ? 'No orders match these filters' : 'No orders in these days'}
      className={PANEL}
      actions={
        <>
          {filtered && (
            <Button look="solid" onClick={() => steering.clear()}>
              Clear the filters
            </Button>
          )}
          {ways.map(({ label, range }) => (
            <Button key={range} onClick={() => steering.setRange(range)}>
              {label}
            </Button>
          ))}
        </>
      }
    >
      {filtered
        ? 'The range has no order with every one of them. Take one away or widen the range.'
        : 'Choose a wider range, or go to where there are some.'}
    </Message>
  )
}

const RECENT_DAYS = 90
/** The API compares with as many days before, and answers for some ten years in all. */
const MOST_DAYS = 1_850

/** Ranges that do have sales: imported orders may all be years old. */
function waysOut(
  metrics: Metrics,
  filters: Filters | undefined,
): { label: string; range: Range }[] {
  const { first_day: first } = filters ?? {}
  const newest = metrics.freshness.newest_fact_at
  if (!first || !newest) return [{ label: 'Show the last 12 months', range: '12m' }]
  const last = dayIn(metrics.timezone, newest)
  const recent = maxDay(first, addDays(last, 1 - RECENT_DAYS))
  const ways: { label: string; range: Range }[] = [
    { label: `Show the newest, ${dayRange(recent, last)}`, range: `${recent}..${last}` },
  ]
  if (recent !== first && daysBetween(first, last) < MOST_DAYS) {
    ways.push({ label: `Show all since ${fullDay(first)}`, range: `${first}..${last}` })
  }
  return ways
}

function maxDay(one: Day, other: Day): Day {
  return one > other ? one : other
}
