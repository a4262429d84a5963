/** From the API's trend rows to what the chart draws and speaks. */
import type { Metrics, TrendBucket } from '@/client/api'
import { addDays, daysBetween } from '@/lib/dates'
import { dayRange, month, shortDay, shortMonth, weekday } from '@/lib/format'
import type { Grain } from '@/lib/period'
import type { Bucket } from '@/ui/plot'
import type { Metric } from './filters'
import { METRIC_FACTS } from './metrics'

export function bucketsOf(metrics: Metrics, metric: Metric): Bucket[] {
  const fact = METRIC_FACTS[metric]
  const shift = daysBetween(metrics.previous.from, metrics.from)
  return metrics.trend.map((row) => ({
    key: row.start,
    tick: tick(row.start, metrics.grain),
    label: label(row, metrics.grain),
    value: fact.of(row),
    previous: fact.before?.(row) ?? null,
    // Only days line up one to one with days of the previous period.
    previousLabel: metrics.grain === 'day' ? shortDay(addDays(row.start, -shift)) : 'period before',
    partial: row.is_partial,
  }))
}

/** A single bucket gets its previous one beside it: a lone column says nothing. */
export function pairOf(metrics: Metrics, metric: Metric): Bucket[] {
  const { previous } = metrics
  const days = dayRange(previous.from, addDays(previous.to, -1))
  return [
    {
      key: 'baseline',
      tick: shortDay(previous.from),
      label: previous.partial ? `${days}, same hour` : days,
      value: METRIC_FACTS[metric].previous(metrics),
      previous: null,
      previousLabel: '',
      partial: false,
      baseline: true,
    },
    ...bucketsOf(metrics, metric),
  ]
}

function tick(start: string, grain: Grain): string {
  if (grain !== 'month') return shortDay(start)
  return start.slice(5, 7) === '01' ? start.slice(0, 4) : shortMonth(start)
}

/** A bucket cut by the edge of the period names its days, not the week or month it belongs to. */
function label(row: TrendBucket, grain: Grain): string {
  if (grain === 'day') return weekday(row.start)
  const last = addDays(row.end, -1)
  const whole = row.start.endsWith('-01') && row.end.endsWith('-01')
  return grain === 'month' && whole ? month(row.start) : dayRange(row.start, last)
}
