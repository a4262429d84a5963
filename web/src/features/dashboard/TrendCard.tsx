import type { Metrics } from '@/client/api'
import { daysBetween } from '@/lib/dates'
import type { Grain } from '@/lib/period'
import { TrendCard as Trend } from '@/ui/TrendCard'
import type { Metric } from './filters'
import { axisFormatter, formatter, METRIC_FACTS } from './metrics'
import { bucketsOf, pairOf } from './trend'

type TrendCardProps = {
  metrics: Metrics | null
  metric: Metric
  comparing: boolean
  onGrain: (grain: Grain) => void
}

export function TrendCard({ metrics, metric, comparing, onGrain }: TrendCardProps) {
  const { label, before } = METRIC_FACTS[metric]
  return (
    <Trend
      title={label}
      trend={metrics && trendOf(metrics, metric, comparing)}
      comparing={comparing}
      totalOnly={!before}
      onGrain={onGrain}
      className="md:col-span-2 lg:col-span-8"
    />
  )
}

function trendOf(metrics: Metrics, metric: Metric, comparing: boolean) {
  const { label, before } = METRIC_FACTS[metric]
  const pair = comparing && metrics.trend.length === 1
  return {
    name: `${label} by ${metrics.grain}`,
    grain: metrics.grain,
    days: daysBetween(metrics.from, metrics.to),
    buckets: pair ? pairOf(metrics, metric) : bucketsOf(metrics, metric),
    withPrevious: comparing && !pair && Boolean(before),
    format: formatter(metric, metrics.currency),
    formatAxis: axisFormatter(metric, metrics.currency),
  }
}
