import type { Metrics } from '@/client/api'
import { FigureCard, type FigureShown } from '@/ui/FigureCard'
import type { Metric } from './filters'
import { figureParts, formatter, METRIC_FACTS } from './metrics'

type KpiCardProps = {
  metric: Metric
  metrics: Metrics | null
  comparing: boolean
  /** The trend chart shows this figure. */
  selected: boolean
  onSelect: () => void
}

export function KpiCard({ metric, metrics, comparing, selected, onSelect }: KpiCardProps) {
  const { label, about } = METRIC_FACTS[metric]
  return (
    <FigureCard
      label={label}
      about={about}
      figure={metrics && shown(metric, metrics, comparing)}
      selected={selected}
      onClick={onSelect}
      className="h-42 sm:h-40"
    />
  )
}

function shown(metric: Metric, metrics: Metrics, comparing: boolean): FigureShown {
  const fact = METRIC_FACTS[metric]
  const value = fact.total(metrics)
  const before = fact.previous(metrics)
  const text = formatter(metric, metrics.currency)(before)
  return {
    value,
    parts: figureParts(metric, value, metrics.currency),
    compared: comparing ? { before, text, change: fact.change(metrics) } : undefined,
    course: {
      values: metrics.trend.map(fact.of),
      unfinished: metrics.trend.at(-1)?.is_partial ?? false,
    },
  }
}
