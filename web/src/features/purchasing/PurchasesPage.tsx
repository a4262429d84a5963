import { getRouteApi, Link } from '@tanstack/react-router'
import { Plus, Truck } from 'lucide-react'
import type { PurchaseOrder, PurchaseStatus } from '@/client/api'
import { useZone } from '@/client/store'
import { useLocations } from '@/features/products/queries'
import { useMay } from '@/features/session/me'
import { dayOf, fullDay, wordOf } from '@/lib/format'
import { useShortcuts } from '@/lib/shortcuts'
import { ActionButton } from '@/ui/ActionButton'
import { Badge, type Tone } from '@/ui/Badge'
import { buttonClass } from '@/ui/Button'
import { type BarFilter, FilterBar } from '@/ui/FilterBar'
import { Key } from '@/ui/Key'
import { ListPanel } from '@/ui/ListPanel'
import { Message } from '@/ui/Message'
import { NoMatch } from '@/ui/NoMatch'
import { Cell, type Column, Heads, LINK_ROW, ROW_LINK, RowHead, Table } from '@/ui/Table'
import { PURCHASE_STATUSES, type PurchasesSearch, readPurchasesSearch } from './filters'
import { NewPurchaseSheet } from './NewPurchaseSheet'
import { PurchasingPage } from './PurchasingPage'
import { usePurchases, useSupplierNames } from './queries'

const route = getRouteApi('/in/purchasing')

const TONES: Record<PurchaseStatus, Tone> = {
  draft: 'plain',
  ordered: 'accent',
  partial: 'warn',
  received: 'good',
  cancelled: 'bad',
}

/** What was ordered from suppliers; each leads to its page, where it is sent or cancelled. */
export function PurchasesPage() {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const purchases = usePurchases(search)
  const suppliers = useSupplierNames()
  const go = (next: PurchasesSearch) =>
    void navigate({ search: readPurchasesSearch(next), resetScroll: false })
  const may = useMay('stock:write')
  const add = () => go({ ...search, open: 'new' })
  useShortcuts({ Escape: () => go({}), ...(may.allowed && { N: add }) })
  const nameOf = (id: string) =>
    suppliers.data?.find(({ supplier_id }) => supplier_id === id)?.name ?? '…'
  const one = (value: string | undefined) => (value === undefined ? [] : [value])
  const filters: BarFilter[] = [
    {
      name: 'status',
      menu: {
        one: 'State',
        many: 'States',
        choices: PURCHASE_STATUSES.map((value) => ({ value, label: wordOf(value) })),
        loaded: true,
      },
      chosen: one(search.status),
      label: wordOf,
      onChange: (values) => go(readPurchasesSearch({ ...search, status: values.at(-1) })),
    },
    {
      name: 'supplier',
      menu: {
        one: 'Supplier',
        many: 'Suppliers',
        choices: (suppliers.data ?? []).map(({ supplier_id, name }) => ({
          value: supplier_id,
          label: name,
        })),
        loaded: suppliers.data !== undefined,
      },
      chosen: one(search.supplier),
      label: nameOf,
      onChange: (values) => go({ ...search, supplier: values.at(-1) }),
    },
  ]
  return (
    <PurchasingPage
      of="orders"
      actions={
        <ActionButton may={may} look="solid" onClick={add}>
          <Plus size={16} aria-hidden /> New purchase order{' '}
          <Key className="border-transparent">N</Key>
        </ActionButton>
      }
    >
      <FilterBar filters={filters} onClear={() => go({})}>
        {null}
      </FilterBar>
      <ListPanel
        query={purchases}
        of="purchase order"
        height={57}
        waiting={6}
        empty={
          search.status || search.supplier ? (
            <NoMatch of="purchase orders" onClear={() => go({})}>
              Nothing was ordered within these filters.
            </NoMatch>
          ) : (
            <Message
              icon={Truck}
              title="Nothing was ordered yet"
              className="min-h-80"
              actions={
                <Link to="/insights/planning" search={{}} className={buttonClass('solid')}>
                  See what the plan says
                </Link>
              }
            >
              Accepted lines of the plan become purchase orders, and so does what you order by hand.
            </Message>
          )
        }
      >
        {(rows) => <PurchaseTable rows={rows} nameOf={nameOf} />}
      </ListPanel>
      {search.open && (
        <NewPurchaseSheet
          supplierId={search.supplier}
          onClose={() => go({ ...search, open: undefined })}
        />
      )}
    </PurchasingPage>
  )
}

const COLUMNS: Column[] = [
  { label: 'Purchase order' },
  { label: 'Goes to', className: 'max-md:hidden' },
  { label: 'State' },
  { label: 'Expected', right: true, className: 'max-sm:hidden' },
  { label: 'Ordered', right: true, className: 'max-md:hidden' },
]

type PurchaseTableProps = { rows: PurchaseOrder[]; nameOf: (supplierId: string) => string }

function PurchaseTable({ rows, nameOf }: PurchaseTableProps) {
  const zone = useZone()
  const places = useLocations()
  const none = <span className="text-muted">–</span>
  return (
    <Table label="Purchase orders, the newest first">
      <Heads columns={COLUMNS} />
      <tbody>
        {rows.map((order) => (
          <tr key={order.purchase_order_id} className={LINK_ROW}>
            <RowHead className="w-full max-w-0">
              <Link
                to="/purchasing/$orderId"
                params={{ orderId: order.purchase_order_id }}
                className={ROW_LINK}
              >
                {order.number}
              </Link>
              <span className="block truncate text-xs text-muted">
                {nameOf(order.supplier_id)}
                <span className="sm:hidden">
                  {order.expected_on && ` · expected ${fullDay(order.expected_on)}`}
                </span>
              </span>
            </RowHead>
            <Cell className="whitespace-nowrap max-md:hidden">
              {places.data?.find(({ location_id }) => location_id === order.location_id)?.name ??
                none}
            </Cell>
            <Cell>
              <Badge tone={TONES[order.status]}>
                {order.status === 'partial' ? 'Partly here' : wordOf(order.status)}
              </Badge>
            </Cell>
            <Cell right className="whitespace-nowrap max-sm:hidden">
              {order.expected_on ? fullDay(order.expected_on) : none}
            </Cell>
            <Cell right className="whitespace-nowrap max-md:hidden">
              {order.ordered_at ? dayOf(order.ordered_at, zone) : none}
            </Cell>
          </tr>
        ))}
      </tbody>
    </Table>
  )
}
