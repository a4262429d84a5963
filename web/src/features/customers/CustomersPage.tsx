import { getRouteApi, Link } from '@tanstack/react-router'
import clsx from 'clsx'
import { Plus, UsersRound } from 'lucide-react'
import { useRef } from 'react'
import type { CustomerRow, Filters } from '@/client/api'
import { channelName, useStore } from '@/client/store'
import { Guarded } from '@/features/session/Guarded'
import { useMay } from '@/features/session/me'
import { country, dayOf } from '@/lib/format'
import { useShortcuts } from '@/lib/shortcuts'
import { ActionButton } from '@/ui/ActionButton'
import { Badge } from '@/ui/Badge'
import { type BarFilter, FilterBar } from '@/ui/FilterBar'
import { Key } from '@/ui/Key'
import { ListPanel } from '@/ui/ListPanel'
import { Message } from '@/ui/Message'
import { NoMatch } from '@/ui/NoMatch'
import { Page } from '@/ui/Page'
import { SearchField } from '@/ui/SearchField'
import { Cell, type Column, Heads, LINK_ROW, ROW_LINK, RowHead, Table } from '@/ui/Table'
import { type CustomersSearch, isFiltered, OWN, readCustomersSearch } from './filters'
import { NewCustomerSheet } from './NewCustomerSheet'
import { useCustomers, useGroups } from './queries'
import { nameOf, placeOf } from './words'

const route = getRouteApi('/in/customers')

export function CustomersPage() {
  return (
    <Guarded right="customers:read" title="Customers" locked="Not for everybody">
      <Customers />
    </Guarded>
  )
}

type Go = (search: CustomersSearch, replace?: boolean) => void

function Customers() {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const store = useStore()
  const filters = useFilters(search, store.data, go)
  const may = useMay('customers:write')
  const customers = useCustomers(search, useMay('customers:read').allowed)
  const field = useRef<HTMLInputElement>(null)
  function go(next: CustomersSearch, replace = false) {
    void navigate({ search: readCustomersSearch(next), replace, resetScroll: false })
  }
  const add = () => go({ ...search, new: '1' })
  useShortcuts({
    '/': () => field.current?.focus(),
    Escape: () => go({}),
    ...(may.allowed && { N: add }),
  })
  return (
    <Page
      title="Customers"
      actions={
        <ActionButton may={may} look="solid" onClick={add}>
          <Plus size={16} aria-hidden /> New customer <Key className="border-transparent">N</Key>
        </ActionButton>
      }
    >
      <div className="space-y-3">
        <FilterBar filters={filters} onClear={() => go({})}>
          <SearchField
            ref={field}
            label="Search customers"
            placeholder="Name or e-mail address"
            value={search.q ?? ''}
            onChange={(q) => go({ ...search, q }, true)}
            className="w-full sm:w-72"
          />
        </FilterBar>
        <ListPanel
          query={customers}
          of="customer"
          height={57}
          empty={<NoCustomers search={search} onClear={() => go({})} />}
        >
          {(rows) => <CustomerTable rows={rows} store={store.data} />}
        </ListPanel>
      </div>
      <NewCustomerSheet
        open={search.new === '1'}
        onClose={() => go({ ...search, new: undefined }, true)}
      />
    </Page>
  )
}

/** One of each: the server knows no lists here. What is chosen last counts. */
function useFilters(search: CustomersSearch, store: Filters | undefined, go: Go): BarFilter[] {
  const groups = useGroups()
  const channels = [
    { value: OWN, label: 'Our own shop' },
    ...(store?.channels ?? []).map(({ channel, name }) => ({ value: channel, label: name })),
  ]
  const one = (value: string | undefined) => (value === undefined ? [] : [value])
  return [
    {
      name: 'group',
      menu: {
        one: 'Group',
        many: 'Groups',
        choices: (groups.data ?? []).map(({ code, name, members }) => ({
          value: code,
          label: name,
          count: members,
        })),
        loaded: groups.data !== undefined,
      },
      chosen: one(search.group),
      label: (code) => groups.data?.find((group) => group.code === code)?.name ?? code,
      onChange: (values) => go({ ...search, group: values.at(-1) }),
    },
    {
      name: 'channel',
      menu: { one: 'From', many: 'Channels', choices: channels, loaded: store !== undefined },
      chosen: one(search.channel),
      label: (code) => channels.find(({ value }) => value === code)?.label ?? code,
      onChange: (values) => go({ ...search, channel: values.at(-1) }),
    },
    {
      name: 'country',
      menu: {
        one: 'Country',
        many: 'Countries',
        choices: (store?.countries ?? [])
          .map((value) => ({ value, label: country(value) }))
          .sort((a, b) => a.label.localeCompare(b.label)),
        loaded: store !== undefined,
      },
      chosen: one(search.country),
      label: country,
      onChange: (values) => go({ ...search, country: values.at(-1) }),
    },
  ]
}

function NoCustomers({ search, onClear }: { search: CustomersSearch; onClear: () => void }) {
  return isFiltered(search) ? (
    <NoMatch of="customers" onClear={onClear}>
      {search.q
        ? `No name and no e-mail address holds “${search.q}” within these filters.`
        : 'Nobody is within these filters.'}
    </NoMatch>
  ) : (
    <Message icon={UsersRound} title="No customers yet" className="min-h-80">
      Everybody who buys stands here, with what they bought. Whom you know already can be added by
      hand (<Key>N</Key>).
    </Message>
  )
}

const COLUMNS: Column[] = [
  { label: 'Customer' },
  { label: 'Lives in', className: 'max-sm:hidden' },
  { label: 'From', className: 'max-md:hidden' },
  { label: 'Since', right: true },
]

function CustomerTable({ rows, store }: { rows: CustomerRow[]; store: Filters | undefined }) {
  return (
    <Table label="Customers, the newest first">
      <Heads columns={COLUMNS} />
      <tbody>
        {rows.map((customer) => (
          <tr key={customer.customer_id} className={LINK_ROW}>
            <RowHead className="w-full max-w-0">
              <span className="flex items-center gap-2">
                <Link
                  to="/customers/$customerId"
                  params={{ customerId: customer.customer_id }}
                  className={clsx(ROW_LINK, 'truncate')}
                >
                  {nameOf(customer)}
                </Link>
                {customer.is_erased && <Badge>forgotten</Badge>}
              </span>
              <span className="block truncate text-xs text-muted">
                {customer.name ? (customer.email ?? 'no address') : ' '}
              </span>
            </RowHead>
            <Cell className="whitespace-nowrap max-sm:hidden">
              {placeOf(customer) ?? <span className="text-muted">–</span>}
            </Cell>
            <Cell className="whitespace-nowrap max-md:hidden">
              {customer.channel ? channelName(customer.channel, store) : 'Our own shop'}
            </Cell>
            <Cell right className="whitespace-nowrap">
              {dayOf(customer.created_at, store?.timezone)}
            </Cell>
          </tr>
        ))}
      </tbody>
    </Table>
  )
}
