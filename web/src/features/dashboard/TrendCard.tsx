import { ChartLine, Table2 } from 'lucide-react'
import { useState } from 'react'
import type { Metrics } from '@/client/api'
import { daysBetween } from '@/lib/dates'
import { type Grain, grainsFor } from '@/lib/period'
import { Button } from '@/ui/Button'
import { Card } from '@/ui/Card'
import { Segments } from '@/ui/Segments'
import { TrendChart } from '@/ui/TrendChart'
import { TrendTable } from '@/ui/TrendTable'
import type { Metric } from './filters'
import { axisFormatter, formatter, METRIC_FACTS } from './metrics'
import { bucketsOf, pairOf } from './trend'
import { useIsPhone } from '@/ui/useIsPhone'

type TrendCardProps = {
  metrics: Metrics | null
  metric: Metric
  comparing: boolean
  onGrain: (grain: Grain) => void
}

const GRAINS: { value: Grain; label: string }[] = [
  { value: 'day', label: 'Day' },
  { value: 'week', label: 'Week' },
  { value: 'month', label: 'Month' },
]

export function TrendCard({ metrics, metric, comparing, onGrain }: TrendCardProps) {
  const [asTable, setAsTable] = useState(false)
  const height = useIsPhone() ? 240 : 300
  const { label, before } = METRIC_FACTS[metric]
  const possible = metrics ? grainsFor(daysBetween(metrics.from, metrics.to)) : []
  return (
    <Card
      title={label}
      className="md:col-span-2 lg:col-span-8"
      actions={
        <>
          <Segments
            label="Grain"
            options={GRAINS.map((grain) => ({
              ...grain,
              disabled: !possible.includes(grain.value),
            }))}
            value={metrics?.grain ?? 'day'}
            onChange={onGrain}
          />
          <Button
            look="plain"
            className="px-2"
            aria-pressed={asTable}
            aria-label="Show as table"
            title={asTable ? 'Show as chart' : 'Show as table'}
            onClick={() => setAsTable(!asTable)}
          >
            {asTable ? <ChartLine size={17} aria-hidden /> : <Table2 size={17} aria-hidden />}
          </Button>
        </>
      }
    >
      <Legend comparing={comparing} canCompare={Boolean(before)} metrics={metrics} />
      <div className="px-2 pb-2 sm:px-3">
        {metrics ? (
          <Trend {...{ metrics, metric, comparing, asTable, height }} />
        ) : (
          <div className="waiting px-2 pb-2">
            <div className="skeleton w-full rounded-lg" style={{ height: height - 8 }} />
          </div>
        )}
      </div>
    </Card>
  )
}

type TrendProps = {
  metrics: Metrics
  metric: Metric
  comparing: boolean
  asTable: boolean
  height: number
}

function Trend({ metrics, metric, comparing, asTable, height }: TrendProps) {
  const { label } = METRIC_FACTS[metric]
  const pair = comparing && metrics.trend.length === 1
  const shared = {
    name: `${label} by ${metrics.grain}`,
    buckets: pair ? pairOf(metrics, metric) : bucketsOf(metrics, metric),
    withPrevious: comparing && !pair && Boolean(METRIC_FACTS[metric].before),
    format: formatter(metric, metrics.currency),
    height,
  }
  return asTable ? (
    <TrendTable {...shared} />
  ) : (
    <TrendChart {...shared} formatAxis={axisFormatter(metric, metrics.currency)} />
  )
}

type LegendProps = { comparing: boolean; canCompare: boolean; metrics: Metrics | null }

function Legend({ comparing, canCompare, metrics }: LegendProps) {
  return (
    <p className="flex h-6 items-center gap-x-4 overflow-hidden px-4 text-xs whitespace-nowrap text-muted sm:px-5">
      <span className="inline-flex items-center gap-1.5">
        <span aria-hidden className="h-0.5 w-4 rounded bg-accent" /> This period
      </span>
      {comparing && (
        <span className="inline-flex items-center gap-1.5">
          <span aria-hidden className="w-4 border-t-2 border-dashed border-muted" />
          {canCompare ? 'Period before' : 'Period before: total only'}
        </span>
      )}
      {metrics?.trend.at(-1)?.is_partial && (
        <span className="inline-flex items-center gap-1.5">
          <span aria-hidden className="size-2 rounded-full border-2 border-accent" /> Unfinished
        </span>
      )}
    </p>
  )
}
