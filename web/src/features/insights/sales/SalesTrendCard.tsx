import clsx from 'clsx'
import type { RevenueAnswer } from '@/client/api'
import { useStore } from '@/client/store'
import { daysBetween, localToday } from '@/lib/dates'
import type { Grain } from '@/lib/period'
import { COMPACT, SelectField } from '@/ui/Field'
import { TrendCard } from '@/ui/TrendCard'
import { type SalesSearch, TREND_METRICS, type TrendMetric } from '../filters'
import { written, writtenShort } from '../units'
import { bucketsOf, figureOf } from './figures'
import type { Go } from './SalesPage'

type SalesTrendCardProps = {
  answer: RevenueAnswer | null
  grain: Grain
  search: SalesSearch
  go: Go
}

export function SalesTrendCard({ answer, grain, search, go }: SalesTrendCardProps) {
  const today = useStore().data?.today ?? localToday()
  const metric = search.metric ?? 'revenue'
  const { label, unit } = figureOf(metric)
  const comparing = search.compare !== 'none'
  return (
    <TrendCard
      title="Trend"
      className="lg:col-span-8"
      comparing={comparing}
      onGrain={(next) => go({ ...search, grain: next })}
      actions={
        <SelectField
          label="Figure"
          hideLabel
          className={clsx('w-34', COMPACT)}
          value={metric}
          options={TREND_METRICS.map((slug) => ({ value: slug, label: figureOf(slug).label }))}
          onChange={(value) => go({ ...search, metric: value as TrendMetric })}
        />
      }
      trend={
        answer && {
          name: `${label} by ${grain}`,
          grain,
          days: daysBetween(answer.period.from, answer.period.to),
          buckets: bucketsOf(answer, metric, grain, today),
          withPrevious: comparing,
          format: (value) => written(value, unit, answer.currency),
          formatAxis: (value) => writtenShort(value, unit, answer.currency),
        }
      }
    />
  )
}
