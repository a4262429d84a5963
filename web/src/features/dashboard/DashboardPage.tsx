import clsx from 'clsx'
import { useEffect, useMemo } from 'react'
import type { Filters, Metrics } from '@/client/api'
import { SessionEnded } from '@/client/problem'
import { useStore } from '@/client/store'
import { LiveShopCard } from '@/features/liveShop/LiveShopCard'
import { InHeader } from '@/features/shell/InHeader'
import { localToday } from '@/lib/dates'
import { PRESETS, rangeLabel } from '@/lib/period'
import { useShortcuts } from '@/lib/shortcuts'
import { Failed, FailedOver } from '@/ui/Failed'
import { ChannelsCard } from './ChannelsCard'
import { channelColors } from './choices'
import { ContextLine } from './ContextLine'
import { CountriesCard } from './CountriesCard'
import { EmptyPeriod, EmptyStore } from './faces'
import { FilterBar } from './FilterBar'
import { METRICS, rangeOf, toParams } from './filters'
import { KpiCard } from './KpiCard'
import { LiveStatus } from './LiveStatus'
import { LowStockCard } from './LowStockCard'
import { useMetrics } from './queries'
import { SourcesCard } from './SourcesCard'
import { TopProductsCard } from './TopProductsCard'
import { TrendCard } from './TrendCard'
import { type Steering, useSteering } from './useDashboard'
import { useLive } from './useLive'

export function DashboardPage() {
  const steering = useSteering()
  const { search } = steering
  const filters = useStore()
  // Every range but the default is counted from the store's own today, so it waits for it.
  const waiting = filters.isPending && search.range !== undefined
  const today = filters.data?.today ?? localToday()
  const params = useMemo(() => (waiting ? null : toParams(search, today)), [waiting, search, today])
  const live = useLive(params)
  const down = live.state.kind !== 'live' && live.state.kind !== 'paused'
  const view = useMetrics(params, down)
  const { metrics, problem } = view

  useDashboardKeys(steering, live)
  const title = rangeLabel(rangeOf(search))
  useEffect(() => {
    document.title = `${title} · Tradewind`
  }, [title])

  // A session that has ended is on its way to the sign-in page: not an error to show here.
  const failed = problem instanceof SessionEnded ? null : problem
  return (
    <>
      <Busy busy={view.outdated && !failed} />
      <InHeader>
        <LiveStatus live={live} metrics={metrics} receivedAt={view.receivedAt} />
      </InHeader>
      <main className="mx-auto max-w-[88rem] space-y-4 px-4 pt-4 pb-10 sm:px-6">
        <h1 className="sr-only">Sales overview</h1>
        <FilterBar steering={steering} filters={filters.data} today={today} />
        <ContextLine metrics={metrics} comparing={search.compare !== 'none'} loading={!failed} />
        {failed && !metrics ? (
          <Failed problem={failed} onRetry={view.retry} busy={view.loading} />
        ) : (
          <Figures
            metrics={metrics}
            outdated={view.outdated}
            steering={steering}
            filters={filters.data}
          />
        )}
      </main>
      {failed && metrics && (
        <FailedOver problem={failed} onRetry={view.retry} busy={view.loading} />
      )}
    </>
  )
}

type FiguresProps = {
  metrics: Metrics | null
  outdated: boolean
  steering: Steering
  filters: Filters | undefined
}

function Figures({ metrics, outdated, steering, filters }: FiguresProps) {
  const { search, setGrain, setMetric, toggle } = steering
  const comparing = search.compare !== 'none'
  const shown = search.metric ?? 'revenue'
  const colorOf = useMemo(() => channelColors(filters, metrics), [filters, metrics])
  if (metrics && filters && filters.first_day === null && metrics.total_orders === 0) {
    return <EmptyStore />
  }
  const nothing = metrics !== null && metrics.total_orders === 0 && metrics.total_revenue === 0
  return (
    <div
      className={clsx('space-y-4 transition-opacity', outdated && 'opacity-55')}
      aria-busy={metrics === null || outdated}
    >
      <div
        role="group"
        aria-label="Key figures"
        className="grid grid-cols-2 gap-3 sm:gap-4 lg:grid-cols-4"
      >
        {METRICS.map((metric) => (
          <KpiCard
            key={metric}
            metric={metric}
            metrics={metrics}
            comparing={comparing}
            selected={metric === shown}
            onSelect={() => setMetric(metric)}
          />
        ))}
      </div>
      {nothing ? (
        <>
          <EmptyPeriod metrics={metrics} steering={steering} filters={filters} />
          <LowStockCard metrics={metrics} />
        </>
      ) : (
        <div className="grid grid-cols-1 gap-4 md:grid-cols-2 lg:grid-cols-12">
          <TrendCard metrics={metrics} metric={shown} comparing={comparing} onGrain={setGrain} />
          <ChannelsCard
            metrics={metrics}
            comparing={comparing}
            selected={search.channel ?? []}
            colorOf={colorOf}
            onToggle={(channel) => toggle('channel', channel)}
          />
          <TopProductsCard metrics={metrics} comparing={comparing} />
          <CountriesCard
            metrics={metrics}
            selected={search.country ?? []}
            onToggle={(country) => toggle('country', country)}
          />
          <LowStockCard metrics={metrics} />
        </div>
      )}
      <SourcesCard />
      <LiveShopCard version={metrics?.data_version} zone={metrics?.timezone} />
    </div>
  )
}

/** A thin moving line on top while the asked figures are not there yet. */
function Busy({ busy }: { busy: boolean }) {
  return (
    <div
      className="pointer-events-none fixed inset-x-0 top-0 z-40 h-0.5 overflow-hidden"
      aria-hidden
    >
      {busy && <div className="h-full w-1/4 animate-[busy_1s_linear_infinite] bg-accent" />}
    </div>
  )
}

function useDashboardKeys(steering: Steering, live: ReturnType<typeof useLive>): void {
  const ranges = PRESETS.flatMap(({ preset, key }) =>
    key ? [[key, () => steering.setRange(preset)] as const] : [],
  )
  useShortcuts({
    ...Object.fromEntries(ranges),
    X: steering.toggleCompare,
    P: live.state.kind === 'paused' ? live.resume : live.pause,
    Escape: () => steering.clear(),
  })
}
