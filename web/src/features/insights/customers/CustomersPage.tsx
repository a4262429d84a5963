import { getRouteApi } from '@tanstack/react-router'
import clsx from 'clsx'
import { useMemo } from 'react'
import type { CustomersAnswer } from '@/client/api'
import { useStore } from '@/client/store'
import { addDays, localToday } from '@/lib/dates'
import { count, dayRange, fullDay, moment } from '@/lib/format'
import { useShortcuts } from '@/lib/shortcuts'
import { BarList } from '@/ui/BarList'
import { Card } from '@/ui/Card'
import { FailedReport } from '../faces'
import { type Figure, Figures } from '../Figures'
import { type CustomersSearch, readCustomersSearch, scopeParams } from '../filters'
import { InsightsPage } from '../InsightsPage'
import { Opens } from '../Opens'
import { useCustomers } from '../queries'
import { ScopeBar } from '../ScopeBar'
import { written, writtenParts } from '../units'
import { CohortsCard } from './CohortsCard'
import { RfmCard } from './RfmCard'
import { SegmentsCard } from './SegmentsCard'
import { TopCustomersCard } from './TopCustomersCard'

const route = getRouteApi('/in/insights/customers')

export type Go = (search: CustomersSearch) => void

export function CustomersPage() {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const store = useStore()
  const waiting = search.range !== undefined && store.isPending
  const today = store.data?.today ?? localToday()
  const params = useMemo(() => {
    if (waiting) return null
    const { from, to, channel, country } = scopeParams(search, today)
    return { from, to, channel, country }
  }, [waiting, search, today])
  const query = useCustomers(params)
  const go: Go = (next) =>
    void navigate({ search: readCustomersSearch({ ...next }), resetScroll: false })
  useShortcuts({ Escape: () => go({ ...search, channel: [], country: [] }) })
  const answer = query.data ?? null
  return (
    <InsightsPage title="Customers">
      <ScopeBar search={search} store={store.data} go={go} menus={['channel', 'country']} />
      <Context answer={answer} zone={store.data?.timezone} />
      {query.error && !answer ? (
        <FailedReport query={query} />
      ) : (
        <div
          aria-busy={!answer || query.isPlaceholderData}
          className={clsx('space-y-4 transition-opacity', query.isPlaceholderData && 'opacity-55')}
        >
          <Figures
            figures={FIGURES}
            shown={({ slug, unit }) =>
              answer && {
                value: answer.totals[slug],
                parts: writtenParts(answer.totals[slug], unit, answer.currency),
              }
            }
            explain={answer?.explain}
            columns="sm:grid-cols-4 xl:grid-cols-8"
            height="h-24"
          />
          <div className="grid grid-cols-1 gap-4 lg:grid-cols-12">
            <SegmentsCard answer={answer} />
            <RfmCard answer={answer} search={search} go={go} />
            <CohortsCard search={search} go={go} />
            <TopCustomersCard answer={answer} params={params} search={search} />
            <div className="grid gap-4 lg:col-span-4 lg:content-start">
              <Bands title="Age" answer={answer} bands={answer?.age_groups} />
              <Bands title="Time as a customer" answer={answer} bands={answer?.stages} />
            </div>
          </div>
        </div>
      )}
    </InsightsPage>
  )
}

function Context({ answer, zone }: { answer: CustomersAnswer | null; zone: string | undefined }) {
  if (!answer) return <p className="h-5" />
  const { period, as_of_date: day } = answer
  return (
    <p className="num text-[0.8125rem] leading-5 text-muted">
      <span className="font-medium text-ink">{dayRange(period.from, addDays(period.to, -1))}</span>{' '}
      · {answer.currency} · built {moment(answer.as_of, zone)}
      {day && ` · scores as of ${fullDay(day)}`}
    </p>
  )
}

type Slug = keyof CustomersAnswer['totals']

const FIGURES: (Figure & { slug: Slug })[] = [
  { slug: 'active_customers', label: 'Active', unit: 'count' },
  { slug: 'new_customers', label: 'New', unit: 'count' },
  { slug: 'returning_customers', label: 'Returning', unit: 'count' },
  { slug: 'repeat_rate', label: 'Repeat rate', unit: 'fraction' },
  { slug: 'revenue_per_customer', label: 'Per customer', unit: 'money' },
  { slug: 'average_lifetime_value', label: 'Lifetime value', unit: 'money' },
  { slug: 'acquisition_cost', label: 'Cost to win one', unit: 'money' },
  { slug: 'customers', label: 'All customers', unit: 'count' },
]

type BandsProps = {
  title: string
  answer: CustomersAnswer | null
  bands: CustomersAnswer['stages'] | undefined
}

function Bands({ title, answer, bands }: BandsProps) {
  return (
    <Card title={title} note="customers and revenue">
      {answer && bands ? (
        <BarList
          label={title}
          bars={bands.map(({ name, count: customers, revenue, explain }) => ({
            key: name,
            label: name,
            text: (
              <>
                <Opens metric="customers" url={explain} of={name} className="font-medium">
                  {count(customers)}
                </Opens>
                <span className="block text-xs text-muted">
                  {written(revenue, 'money', answer.currency)}
                </span>
              </>
            ),
            size: customers,
          }))}
        />
      ) : (
        <div className="h-48" />
      )}
    </Card>
  )
}
