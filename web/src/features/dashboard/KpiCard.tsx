import clsx from 'clsx'
import type { Metrics } from '@/client/api'
import { Delta } from '@/ui/Delta'
import { Fresh } from '@/ui/Fresh'
import { Sparkline } from '@/ui/Sparkline'
import { Versus } from '@/ui/Versus'
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
  const fact = METRIC_FACTS[metric]
  return (
    <button
      type="button"
      aria-pressed={selected}
      onClick={onSelect}
      title={fact.about}
      className={clsx(
        '@container flex h-42 min-w-0 flex-col items-stretch rounded-card border bg-card p-3.5 text-left shadow-card transition-colors sm:h-40 sm:p-4',
        selected ? 'border-accent ring-1 ring-accent' : 'border-line hover:border-strong-line',
      )}
    >
      <span
        className={clsx('text-[0.8125rem] font-medium', selected ? 'text-accent' : 'text-muted')}
      >
        {fact.label}
      </span>
      {metrics ? (
        <Filled {...{ metric, metrics, comparing }} />
      ) : (
        <span className="waiting flex flex-1 flex-col">
          <span className="skeleton mt-2 h-6.5 w-3/4" />
          <span className="skeleton mt-3 h-4 w-1/2" />
          <span className="skeleton mt-auto h-8 w-full" />
        </span>
      )}
    </button>
  )
}

type FilledProps = Pick<KpiCardProps, 'metric' | 'comparing'> & { metrics: Metrics }

function Filled({ metric, metrics, comparing }: FilledProps) {
  const fact = METRIC_FACTS[metric]
  const value = fact.total(metrics)
  const before = fact.previous(metrics)
  const change = fact.change(metrics)
  const isNew = change === null && !before && (value ?? 0) > 0
  const [whole, rest] = figureParts(metric, value, metrics.currency)
  return (
    <>
      <span
        className="num figure block font-semibold"
        style={{ '--chars': Math.max(8, whole.length + rest.length) } as React.CSSProperties}
      >
        <Fresh of={value}>
          {whole}
          <span className="text-muted">{rest}</span>
        </Fresh>
      </span>
      <span className="num flex h-9 flex-wrap content-start gap-x-2 overflow-hidden text-[0.8125rem] leading-[1.125rem] sm:h-5">
        {comparing && (
          <>
            {(change !== null || isNew) && <Delta change={change} isNew={isNew} />}
            <span className="text-muted">
              <span className="sr-only">from </span>
              <span aria-hidden>vs </span>
              {before === null ? 'nothing' : formatter(metric, metrics.currency)(before)}
            </span>
          </>
        )}
      </span>
      <span className="mt-auto">
        {metrics.trend.length > 1 ? (
          <Sparkline
            values={metrics.trend.map(fact.of)}
            unfinished={metrics.trend.at(-1)?.is_partial ?? false}
          />
        ) : (
          <Versus now={value} before={comparing ? before : null} />
        )}
      </span>
    </>
  )
}
