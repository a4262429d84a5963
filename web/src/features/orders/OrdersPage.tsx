import { useMutation, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { ArrowUp, ClipboardList, Download } from 'lucide-react'
import { useRef } from 'react'
import type { Filters } from '@/client/api'
import { download } from '@/client/download'
import { asProblem } from '@/client/problem'
import { channelName, useStore } from '@/client/store'
import { localToday } from '@/lib/dates'
import { country, wordOf } from '@/lib/format'
import { rangeLabel } from '@/lib/period'
import { toggledIn } from '@/lib/search'
import { useShortcuts } from '@/lib/shortcuts'
import { Button } from '@/ui/Button'
import { ChoiceMenu } from '@/ui/ChoiceMenu'
import { FilterChips } from '@/ui/FilterChips'
import { Key } from '@/ui/Key'
import { ListPanel } from '@/ui/ListPanel'
import { Message } from '@/ui/Message'
import { NoMatch } from '@/ui/NoMatch'
import { Page } from '@/ui/Page'
import { pillClass, PILLS } from '@/ui/pills'
import { RangeMenu } from '@/ui/RangeMenu'
import { SearchField } from '@/ui/SearchField'
import { toast } from '@/ui/toast'
import {
  exportName,
  exportPath,
  isFiltered,
  isQueue,
  type OrdersParams,
  type OrdersSearch,
  ordersParams,
  QUEUES,
  readOrdersSearch,
  STATUSES,
} from './filters'
import { OrderTable } from './OrderTable'
import { ORDERS, useNewestOrder, useOrders } from './queries'

const route = getRouteApi('/in/orders')

export function OrdersPage() {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const store = useStore()
  // A range is counted from the store's own today, so it waits for it.
  const waiting = search.range !== undefined && store.isPending
  const today = store.data?.today ?? localToday()
  const params = waiting ? null : ordersParams(search, today)
  const orders = useOrders(params)
  const field = useRef<HTMLInputElement>(null)
  const go = (next: OrdersSearch, replace = false) =>
    void navigate({ search: readOrdersSearch(next), replace, resetScroll: false })
  const exporting = useExport(search, params)
  useShortcuts({
    '/': () => field.current?.focus(),
    E: () => exporting.mutate(),
    Escape: () => go({}),
  })
  return (
    <Page
      title="Orders"
      actions={
        <Button onClick={() => exporting.mutate()} disabled={exporting.isPending || !params}>
          <Download size={16} aria-hidden />
          {exporting.isPending ? 'Exporting…' : 'Export CSV'} <Key>E</Key>
        </Button>
      }
    >
      <div className="space-y-3">
        <Queues search={search} />
        <div className="flex flex-wrap items-center gap-2">
          <SearchField
            ref={field}
            label="Search by order number"
            placeholder="Order number"
            value={search.q ?? ''}
            onChange={(q) => go({ ...search, q }, true)}
            className="w-full sm:w-64"
          />
          <FilterMenus search={search} store={store.data} go={go} />
        </div>
        <FilterChips chips={chipsOf(search, store.data, go)} onClear={() => go({})} />
        <ListPanel
          query={orders}
          of="order"
          height={57}
          empty={<NoOrders search={search} onClear={() => go({})} />}
          above={
            <Newer
              params={params}
              newest={orders.rows?.[0]?.order_id}
              stale={orders.isPlaceholderData}
            />
          }
        >
          {(rows) => <OrderTable rows={rows} store={store.data} />}
        </ListPanel>
      </div>
    </Page>
  )
}

function useExport(search: OrdersSearch, params: OrdersParams | null) {
  return useMutation({
    networkMode: 'always',
    mutationFn: async () => {
      if (params) await download(exportPath(params), exportName(search))
    },
    onSuccess: () => toast('The orders of this list are in your downloads.'),
    onError: (error) => toast(`Not exported: ${asProblem(error).message}`, 'bad'),
  })
}

/** What somebody works through, one press away. */
function Queues({ search }: { search: OrdersSearch }) {
  return (
    <nav aria-label="Queues" className={PILLS}>
      {QUEUES.map(({ label, status }) => {
        const current = isQueue(search, status)
        return (
          <Link
            key={label}
            to="/orders"
            search={readOrdersSearch({ ...search, status })}
            resetScroll={false}
            aria-current={current || undefined}
            className={pillClass(current)}
          >
            {label}
          </Link>
        )
      })}
    </nav>
  )
}

type Go = (search: OrdersSearch, replace?: boolean) => void

function FilterMenus({
  search,
  store,
  go,
}: {
  search: OrdersSearch
  store: Filters | undefined
  go: Go
}) {
  const loaded = store !== undefined
  return (
    <>
      <RangeMenu
        range={search.range ?? null}
        today={store?.today ?? localToday()}
        firstDay={store?.first_day ?? null}
        onChange={(range) => go({ ...search, range })}
        all={{ label: 'Any day', onChoose: () => go({ ...search, range: undefined }) }}
      />
      <ChoiceMenu
        one="Status"
        many="Statuses"
        choices={STATUSES.map((value) => ({ value, label: wordOf(value) }))}
        chosen={search.status ?? []}
        loaded
        onToggle={(value) =>
          go(readOrdersSearch({ ...search, status: toggledIn(search.status, value) }))
        }
        onClear={() => go({ ...search, status: undefined })}
      />
      <ChoiceMenu
        one="Channel"
        many="Channels"
        choices={(store?.channels ?? []).map(({ channel, name }) => ({
          value: channel,
          label: name,
        }))}
        chosen={search.channel ?? []}
        loaded={loaded}
        onToggle={(value) => go({ ...search, channel: toggledIn(search.channel, value) })}
        onClear={() => go({ ...search, channel: undefined })}
      />
      <ChoiceMenu
        one="Country"
        many="Countries"
        choices={(store?.countries ?? [])
          .map((value) => ({ value, label: country(value) }))
          .sort((a, b) => a.label.localeCompare(b.label))}
        chosen={search.country ?? []}
        loaded={loaded}
        onToggle={(value) => go({ ...search, country: toggledIn(search.country, value) })}
        onClear={() => go({ ...search, country: undefined })}
      />
    </>
  )
}

function chipsOf(search: OrdersSearch, store: Filters | undefined, go: Go) {
  const { status = [], channel = [], country: countries = [], range, q } = search
  const without = <Value extends string>(list: Value[], item: Value) =>
    list.filter((one) => one !== item)
  return [
    ...status.map((value) => ({
      key: `status ${value}`,
      label: wordOf(value),
      onRemove: () => go({ ...search, status: without(status, value) }),
    })),
    ...channel.map((value) => ({
      key: `channel ${value}`,
      label: channelName(value, store),
      onRemove: () => go({ ...search, channel: without(channel, value) }),
    })),
    ...countries.map((value) => ({
      key: `country ${value}`,
      label: country(value),
      onRemove: () => go({ ...search, country: without(countries, value) }),
    })),
    ...(range
      ? [
          {
            key: 'range',
            label: rangeLabel(range),
            onRemove: () => go({ ...search, range: undefined }),
          },
        ]
      : []),
    ...(q ? [{ key: 'q', label: `“${q}”`, onRemove: () => go({ ...search, q: undefined }) }] : []),
  ]
}

/** Orders that came in since: they wait above the list until somebody wants to see them. */
function Newer({
  params,
  newest,
  stale,
}: {
  params: OrdersParams | null
  newest: string | undefined
  stale: boolean
}) {
  const client = useQueryClient()
  const { data } = useNewestOrder(params)
  if (!data || !newest || stale || data <= newest) return null
  return (
    <button
      type="button"
      onClick={() => void client.invalidateQueries({ queryKey: [...ORDERS, 'list'] })}
      className="flex h-10 w-full items-center justify-center gap-2 border-b border-line bg-accent-soft font-medium text-accent hover:brightness-98 pointer-coarse:h-11"
    >
      <ArrowUp size={16} aria-hidden /> There are newer orders. Show them
    </button>
  )
}

function NoOrders({ search, onClear }: { search: OrdersSearch; onClear: () => void }) {
  return isFiltered(search) ? (
    <NoMatch of="orders" onClear={onClear}>
      {search.q
        ? `No order number holds “${search.q}” within these filters.`
        : 'Nothing was ordered within these filters.'}
    </NoMatch>
  ) : (
    <Message icon={ClipboardList} title="No orders yet" className="min-h-80">
      They come in from the checkout, from channels and from imports, and stand here at once.
    </Message>
  )
}
