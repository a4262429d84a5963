import { ChartLine, Table2 } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { type Grain, grainsFor } from '@/lib/period'
import { Button } from './Button'
import { Card } from './Card'
import { Segments } from './Segments'
import { TrendChart, type TrendChartProps } from './TrendChart'
import { TrendTable } from './TrendTable'
import { useIsPhone } from './useIsPhone'

type TrendCardProps = {
  title: string
  /** Null while it loads. */
  trend: (Omit<TrendChartProps, 'height'> & { grain: Grain; days: number }) | null
  comparing: boolean
  /** Compared in total, but not bucket by bucket. */
  totalOnly?: boolean
  onGrain: (grain: Grain) => void
  actions?: ReactNode
  className?: string
}

const GRAINS: { value: Grain; label: string }[] = [
  { value: 'day', label: 'Day' },
  { value: 'week', label: 'Week' },
  { value: 'month', label: 'Month' },
]

/** A figure over time, as a chart or as a table, in steps that make sense for its days. */
export function TrendCard(props: TrendCardProps) {
  const { title, trend, comparing, totalOnly = false, onGrain, actions, className } = props
  const [asTable, setAsTable] = useState(false)
  const height = useIsPhone() ? 240 : 300
  const possible = trend ? grainsFor(trend.days) : []
  return (
    <Card
      title={title}
      className={className}
      actions={
        <>
          {actions}
          <Segments
            label="Grain"
            options={GRAINS.map((grain) => ({
              ...grain,
              disabled: !possible.includes(grain.value),
            }))}
            value={trend?.grain ?? 'day'}
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
      <Legend
        comparing={comparing}
        totalOnly={totalOnly}
        unfinished={trend?.buckets.at(-1)?.partial ?? false}
      />
      <div className="px-2 pb-2 sm:px-3">
        {!trend && (
          <div className="waiting px-2 pb-2">
            <div className="skeleton w-full rounded-lg" style={{ height: height - 8 }} />
          </div>
        )}
        {trend && !asTable && <TrendChart {...trend} height={height} />}
        {trend && asTable && <TrendTable {...trend} height={height} />}
      </div>
    </Card>
  )
}

type LegendProps = { comparing: boolean; totalOnly: boolean; unfinished: boolean }

function Legend({ comparing, totalOnly, unfinished }: LegendProps) {
  return (
    <p className="flex h-6 items-center gap-x-4 overflow-hidden px-4 text-xs whitespace-nowrap text-muted sm:px-5">
      <span className="inline-flex items-center gap-1.5">
        <span aria-hidden className="h-0.5 w-4 rounded bg-accent" /> This period
      </span>
      {comparing && (
        <span className="inline-flex items-center gap-1.5">
          <span aria-hidden className="w-4 border-t-2 border-dashed border-muted" />
          {totalOnly ? 'Period before: total only' : 'Period before'}
        </span>
      )}
      {unfinished && (
        <span className="inline-flex items-center gap-1.5">
          <span aria-hidden className="size-2 rounded-full border-2 border-accent" /> Unfinished
        </span>
      )}
    </p>
  )
}
