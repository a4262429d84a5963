import { getRouteApi } from '@tanstack/react-router'
import clsx from 'clsx'
import { CalendarX2, History } from 'lucide-react'
import { useMemo } from 'react'
import type { RevenueAnswer } from '@/client/api'
import { useStore } from '@/client/store'
import { addDays, localToday } from '@/lib/dates'
import { dayRange, moment } from '@/lib/format'
import { grainOf, periodOf } from '@/lib/period'
import { useShortcuts } from '@/lib/shortcuts'
import { Button } from '@/ui/Button'
import { Message } from '@/ui/Message'
import { useExplain } from '../explaining'
import { FailedReport } from '../faces'
import {
  rangeOf,
  readSalesSearch,
  type SalesSearch,
  scopeParams,
  withoutDimensions,
} from '../filters'
import { InsightsPage } from '../InsightsPage'
import { useRevenue } from '../queries'
import { ScopeBar } from '../ScopeBar'
import { BreakdownCard } from './BreakdownCard'
import { BridgeCard } from './BridgeCard'
import { SalesFigureCards } from './SalesFigureCards'
import { SalesTrendCard } from './SalesTrendCard'

const route = getRouteApi('/in/insights/sales')
const MOST_STEPS = 400

export type Go = (search: SalesSearch) => void

export function SalesPage() {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const store = useStore()
  // A range is counted from the store's own today, so it waits for it.
  const waiting = search.range !== undefined && store.isPending
  const today = store.data?.today ?? localToday()
  const scope = useMemo(
    () => (waiting ? null : scopeParams(search, today)),
    [waiting, search, today],
  )
  const grain = grainOf(search.grain, periodOf(rangeOf(search), today))
  const trend = useRevenue(scope && { ...scope, group_by: grain, limit: MOST_STEPS })
  const go: Go = (next) =>
    void navigate({ search: readSalesSearch({ ...next }), resetScroll: false })
  useShortcuts({
    X: () => go({ ...search, compare: search.compare === 'none' ? undefined : 'none' }),
    Escape: () => go(withoutDimensions(search)),
  })
  const answer = trend.data ?? null
  return (
    <InsightsPage title="Sales" actions={<ChangedButton answer={answer} />}>
      <ScopeBar
        search={search}
        store={store.data}
        go={go}
        menus={['channel', 'category', 'country']}
        compares
      />
      <Context answer={answer} zone={store.data?.timezone} />
      {trend.error && !answer ? (
        <FailedReport query={trend} />
      ) : (
        <div
          aria-busy={!answer || trend.isPlaceholderData}
          className={clsx('space-y-4 transition-opacity', trend.isPlaceholderData && 'opacity-55')}
        >
          <SalesFigureCards answer={answer} comparing={search.compare !== 'none'} />
          {answer && isEmpty(answer) ? (
            <Message
              icon={CalendarX2}
              title="No sales in these days with these filters"
              className="min-h-80 rounded-card border border-line bg-card shadow-card"
              actions={
                <Button look="solid" onClick={() => go({ range: '12m' })}>
                  Show the last 12 months
                </Button>
              }
            >
              Choose a wider range, or take a filter away.
            </Message>
          ) : (
            <>
              <div className="grid grid-cols-1 gap-4 lg:grid-cols-12">
                <SalesTrendCard answer={answer} grain={grain} search={search} go={go} />
                <BridgeCard answer={answer} zone={store.data?.timezone} />
              </div>
              <BreakdownCard scope={scope} search={search} store={store.data} go={go} />
            </>
          )}
        </div>
      )}
    </InsightsPage>
  )
}

function isEmpty({ totals }: RevenueAnswer): boolean {
  return totals.orders === 0 && totals.gross_revenue === 0 && totals.refunded === 0
}

/** Which days, in which zone, against which others, and how old what is not live may be. */
function Context({ answer, zone }: { answer: RevenueAnswer | null; zone: string | undefined }) {
  if (!answer) return <p className="h-5" />
  const { period, previous_period: before, costs_as_of: costs } = answer
  return (
    <p className="num text-[0.8125rem] leading-5 text-muted">
      <span className="font-medium text-ink">{dayRange(period.from, addDays(period.to, -1))}</span>{' '}
      · {answer.timezone} · {answer.currency}
      {before &&
        ` · vs ${dayRange(before.from, addDays(before.to, -1))}${before.partial ? ', up to the same hour' : ''}`}
      {costs
        ? ` · costs as of ${moment(costs, zone)}`
        : ' · costs come with the first build of gold'}
    </p>
  )
}

function ChangedButton({ answer }: { answer: RevenueAnswer | null }) {
  const explain = useExplain()
  const url = answer?.explain.revenue
  return (
    <Button
      disabled={!url}
      aria-haspopup="dialog"
      onClick={() => url && explain({ title: 'Revenue', url, view: 'changes' })}
    >
      <History size={16} aria-hidden /> What changed since…?
    </Button>
  )
}
