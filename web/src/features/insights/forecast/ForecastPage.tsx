import { getRouteApi } from '@tanstack/react-router'
import clsx from 'clsx'
import { RefreshCw, TrendingUp } from 'lucide-react'
import type { Filters, ForecastAnswer } from '@/client/api'
import { Refused } from '@/client/problem'
import { channelName, useStore } from '@/client/store'
import { fullDay, wordOf } from '@/lib/format'
import { useShortcuts } from '@/lib/shortcuts'
import { Button } from '@/ui/Button'
import { Command } from '@/ui/Command'
import { PANEL } from '@/ui/Failed'
import { COMPACT, SelectField } from '@/ui/Field'
import { FilterChips } from '@/ui/FilterChips'
import { Message } from '@/ui/Message'
import { Segments } from '@/ui/Segments'
import { FailedReport } from '../faces'
import { type ForecastSearch, type Horizon, HORIZONS, readForecastSearch } from '../filters'
import { InsightsPage } from '../InsightsPage'
import { AccuracyCard } from './AccuracyCard'
import { FanCard } from './FanCard'
import { ForecastFigures } from './ForecastFigures'
import { ForecastsCard } from './ForecastsCard'
import { useForecast } from './queries'

const route = getRouteApi('/in/insights/forecast')

export type Go = (search: ForecastSearch) => void

export function ForecastPage() {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const store = useStore().data
  const query = useForecast(search)
  const go: Go = (next) =>
    void navigate({ search: readForecastSearch({ ...next }), resetScroll: false })
  useShortcuts({ Escape: () => go({ days: search.days }) })
  const answer = query.data ?? null
  return (
    <InsightsPage title="Forecast">
      <Bar search={search} store={store} answer={answer} go={go} />
      <p className="num min-h-5 text-[0.8125rem] leading-5 text-muted">
        {answer && <Context answer={answer} />}
      </p>
      {query.error && !answer ? (
        <Failed query={query} />
      ) : (
        <div
          aria-busy={!answer || query.isPlaceholderData}
          className={clsx('space-y-4 transition-opacity', query.isPlaceholderData && 'opacity-55')}
        >
          <ForecastFigures answer={answer} />
          <FanCard answer={answer} search={search} />
          <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-12">
            <ForecastsCard search={search} className="lg:col-span-7" />
            <AccuracyCard className="lg:col-span-5" />
          </div>
        </div>
      )}
    </InsightsPage>
  )
}

/** What is forecast, how it was made, and what to know of it. */
function Context({ answer }: { answer: ForecastAnswer }) {
  return (
    <>
      <span className="font-medium text-ink">{answer.name || 'All products'}</span> · known up to{' '}
      {fullDay(answer.origin)} · model {answer.model} ({answer.engine})
      {answer.demand_class && ` · ${answer.demand_class} demand`}
      {answer.flags.map((flag) => ` · ${FLAGS[flag] ?? wordOf(flag).toLowerCase()}`)}
    </>
  )
}

const FLAGS: Record<string, string> = {
  cold_start: 'too new to know: goes by others of its kind',
  young: 'little history, hence wide ranges',
  inactive: 'no longer sold',
  no_demand: 'never asked for so far',
}

type BarProps = {
  search: ForecastSearch
  store: Filters | undefined
  answer: ForecastAnswer | null
  go: Go
}

function Bar({ search, store, answer, go }: BarProps) {
  const { product, category, channel, days = '30' } = search
  const chips = [
    ...(product
      ? [
          {
            key: 'product',
            label:
              answer?.product_id === product || answer?.sku === product ? answer.name : product,
            onRemove: () => go({ ...search, product: undefined }),
          },
        ]
      : []),
  ]
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Segments<Horizon>
        label="Days ahead"
        options={HORIZONS.map((value) => ({ value, label: `${value} days` }))}
        value={days}
        onChange={(next) => go({ ...search, days: next === '30' ? undefined : next })}
      />
      <SelectField
        label="Channel"
        hideLabel
        className={clsx('w-40', COMPACT)}
        value={channel ?? ''}
        disabled={category !== undefined}
        options={[
          { value: '', label: 'All channels' },
          ...(store?.channels ?? []).map(({ channel: code }) => ({
            value: code,
            label: channelName(code, store),
          })),
        ]}
        onChange={(next) => go({ ...search, channel: next || undefined })}
      />
      <SelectField
        label="Category"
        hideLabel
        className={clsx('w-48', COMPACT)}
        value={category ?? ''}
        disabled={product !== undefined}
        options={[
          { value: '', label: 'All categories' },
          ...(store?.categories ?? [])
            .filter(Boolean)
            .map((name) => ({ value: name, label: name })),
        ]}
        onChange={(next) => go({ ...search, category: next || undefined })}
      />
      <FilterChips chips={chips} onClear={() => go({ days: search.days })} />
    </div>
  )
}

type Loading = { error: unknown; isFetching: boolean; refetch: () => unknown }

/** Why there is none. The usual reason is that nothing was trained yet. */
function Failed({ query }: { query: Loading }) {
  const isUntrained = query.error instanceof Refused && query.error.code === 'no_forecast'
  if (!isUntrained) return <FailedReport query={query} />
  return (
    <Message
      icon={TrendingUp}
      title="Nothing is forecast yet"
      className={PANEL}
      actions={
        <Button look="solid" onClick={() => void query.refetch()} disabled={query.isFetching}>
          <RefreshCw size={15} aria-hidden /> {query.isFetching ? 'Looking…' : 'Look again'}
        </Button>
      }
    >
      <p>Forecasts are trained on Sundays at three. To have them now, train them yourself:</p>
      <p className="mt-4">
        <Command>tradewind forecast train --all-products</Command>
      </p>
    </Message>
  )
}
