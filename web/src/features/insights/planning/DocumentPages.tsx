/** Purchase orders and transfers, to be looked at, sent, taken in and cancelled. */
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { api, bodyOf } from '@/client/api'
import { asProblem } from '@/client/problem'
import { useZone } from '@/client/store'
import { keyed, useWrite } from '@/client/write'
import { STOCK } from '@/features/products/queries'
import { PURCHASES } from '@/features/purchasing/queries'
import { type Arrived, ReceiveSheet } from '@/features/purchasing/ReceiveSheet'
import { useMay } from '@/features/session/me'
import { count, counted, fullDay, money, moment, wordOf } from '@/lib/format'
import { ActionButton } from '@/ui/ActionButton'
import { Badge, type Tone } from '@/ui/Badge'
import { Card } from '@/ui/Card'
import { Facts } from '@/ui/Facts'
import { FailedQuery } from '@/ui/Failed'
import { Notice } from '@/ui/Notice'
import { Page } from '@/ui/Page'
import { RowsSkeleton } from '@/ui/RowsSkeleton'
import { Cell, Head, ROW, RowHead, Table } from '@/ui/Table'
import { PLANNING } from './queries'

const TO_PURCHASES = { to: '/purchasing', label: 'Purchase orders' } as const
const TO_PLANNING = { to: '/insights/planning', label: 'Planning' } as const
const DOCUMENTS = ['documents'] as const
const TONES: Record<string, Tone> = {
  draft: 'plain',
  ordered: 'accent',
  shipped: 'accent',
  partial: 'warn',
  received: 'good',
  cancelled: 'bad',
}

export function PurchaseOrderPage() {
  const { orderId } = getRouteApi('/in/insights/planning/purchase-orders/$orderId').useParams()
  const path = { purchase_order_id: orderId }
  const zone = useZone()
  const may = useMay('stock:write')
  const query = useQuery({
    queryKey: [...DOCUMENTS, 'purchase-order', orderId],
    queryFn: ({ signal }) =>
      bodyOf(api.GET('/api/v1/purchase-orders/{purchase_order_id}', { params: { path }, signal })),
  })
  const order = query.data
  const supplierId = order?.supplier_id
  const supplier = useQuery({
    enabled: supplierId !== undefined,
    queryKey: [...DOCUMENTS, 'supplier', supplierId],
    queryFn: ({ signal }) =>
      bodyOf(
        api.GET('/api/v1/suppliers/{supplier_id}', {
          params: { path: { supplier_id: supplierId ?? '' } },
          signal,
        }),
      ),
  })
  const step = useWrite(
    (what: 'order' | 'cancel', key) => {
      const params = { path, header: keyed(key, order?.version) }
      return bodyOf(
        what === 'order'
          ? api.POST('/api/v1/purchase-orders/{purchase_order_id}/order', { params })
          : api.POST('/api/v1/purchase-orders/{purchase_order_id}/cancel', { params }),
      )
    },
    {
      touches: [DOCUMENTS, PLANNING, PURCHASES],
      said: ({ number, status }) => `${number} is ${status}.`,
    },
  )
  const [receiving, setReceiving] = useState(false)
  const receive = useWrite(
    ({ arrived, version }: { arrived: Arrived; version: number }, key) =>
      bodyOf(
        api.POST('/api/v1/purchase-orders/{purchase_order_id}/receive', {
          params: { path, header: keyed(key, version) },
          body: {
            lines: arrived.map(({ id, quantity }) => ({ line_no: Number(id), quantity })),
          },
        }),
      ),
    {
      touches: [DOCUMENTS, PLANNING, PURCHASES, STOCK],
      said: ({ number, status }, { arrived }) =>
        `${counted(unitsOf(arrived), 'unit')} of ${number} are on the shelf; ${status === 'received' ? 'all of it is here.' : 'more is to come.'}`,
      onDone: () => setReceiving(false),
    },
  )
  if (!order) return <Waiting title="Purchase order" back={TO_PURCHASES} query={query} />
  const total = order.lines.reduce((sum, { total: amount }) => sum + amount, 0)
  const isOpen = ['draft', 'ordered', 'partial'].includes(order.status)
  return (
    <Page
      title={order.number}
      back={TO_PURCHASES}
      beside={<Badge tone={TONES[order.status]}>{wordOf(order.status)}</Badge>}
      actions={
        isOpen && (
          <>
            <ActionButton may={may} disabled={step.isPending} onClick={() => step.mutate('cancel')}>
              {order.status === 'draft' ? 'Drop the draft' : 'Cancel the rest'}
            </ActionButton>
            {order.status === 'draft' && (
              <ActionButton
                may={may}
                look="solid"
                disabled={step.isPending}
                onClick={() => step.mutate('order')}
              >
                It is ordered
              </ActionButton>
            )}
            {order.status !== 'draft' && (
              <ActionButton may={may} look="solid" onClick={() => setReceiving(true)}>
                Take in what arrived
              </ActionButton>
            )}
          </>
        )
      }
    >
      {step.error && (
        <Notice tone="bad" className="mb-4">
          {asProblem(step.error).message}
        </Notice>
      )}
      <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <Lines
          label="Lines of the purchase order"
          heads={['Received', 'Cost', 'Total']}
          rows={order.lines.map((line) => ({
            ...line,
            cells: [
              count(line.received),
              money(line.unit_cost, order.currency),
              money(line.total, order.currency),
            ],
          }))}
          foot={money(total, order.currency)}
        />
        {receiving && (
          <ReceiveSheet
            title={`Take in ${order.number}`}
            open
            onClose={() => setReceiving(false)}
            lines={order.lines.map(({ line_no, name, sku, quantity, received }) => ({
              id: line_no,
              name,
              sku,
              coming: Math.max(0, quantity - received),
            }))}
            mayExceed
            onReceive={(arrived) => receive.mutate({ arrived, version: order.version })}
            pending={receive.isPending}
            error={receive.error}
          />
        )}
        <Card title="Purchase order">
          <Facts
            facts={[
              ['Supplier', supplier.data?.name ?? '…'],
              ['Expected', order.expected_on ? fullDay(order.expected_on) : 'not said'],
              ['Made', moment(order.created_at, zone)],
              ...(order.ordered_at
                ? ([['Ordered', moment(order.ordered_at, zone)]] as [string, ReactNode][])
                : []),
              ...(order.note ? ([['Note', order.note]] as [string, ReactNode][]) : []),
            ]}
          />
        </Card>
      </div>
    </Page>
  )
}

export function TransferPage() {
  const { transferId } = getRouteApi('/in/insights/planning/transfers/$transferId').useParams()
  const path = { transfer_id: transferId }
  const zone = useZone()
  const may = useMay('stock:write')
  const query = useQuery({
    queryKey: [...DOCUMENTS, 'transfer', transferId],
    queryFn: ({ signal }) =>
      bodyOf(api.GET('/api/v1/inventory/transfers/{transfer_id}', { params: { path }, signal })),
  })
  const places = useQuery({
    queryKey: [...DOCUMENTS, 'locations'],
    queryFn: ({ signal }) =>
      bodyOf(api.GET('/api/v1/inventory/locations', { params: { query: { limit: 200 } }, signal })),
  })
  const transfer = query.data
  const step = useWrite(
    (what: 'ship' | 'cancel', key) => {
      const params = { path, header: keyed(key, transfer?.version) }
      return bodyOf(
        what === 'ship'
          ? api.POST('/api/v1/inventory/transfers/{transfer_id}/ship', { params })
          : api.POST('/api/v1/inventory/transfers/{transfer_id}/cancel', { params }),
      )
    },
    {
      touches: [DOCUMENTS, PLANNING],
      said: ({ number, status }) => `${number} is ${status}.`,
    },
  )
  const [receiving, setReceiving] = useState(false)
  const receive = useWrite(
    ({ arrived, version }: { arrived: Arrived; version: number }, key) =>
      bodyOf(
        api.POST('/api/v1/inventory/transfers/{transfer_id}/receive', {
          params: { path, header: keyed(key, version) },
          body: {
            lines: arrived.map(({ id, quantity }) => ({ product_id: String(id), quantity })),
          },
        }),
      ),
    {
      touches: [DOCUMENTS, PLANNING, STOCK],
      said: ({ number }, { arrived }) =>
        `${counted(unitsOf(arrived), 'unit')} of ${number} are on the shelf.`,
      onDone: () => setReceiving(false),
    },
  )
  if (!transfer) return <Waiting title="Transfer" back={TO_PLANNING} query={query} />
  const nameOf = (id: string) =>
    places.data?.items.find(({ location_id }) => location_id === id)?.name ?? '…'
  return (
    <Page
      title={transfer.number}
      back={TO_PLANNING}
      beside={<Badge tone={TONES[transfer.status]}>{wordOf(transfer.status)}</Badge>}
      actions={
        (transfer.status === 'draft' && (
          <>
            <ActionButton may={may} disabled={step.isPending} onClick={() => step.mutate('cancel')}>
              Drop the draft
            </ActionButton>
            <ActionButton
              may={may}
              look="solid"
              disabled={step.isPending}
              onClick={() => step.mutate('ship')}
            >
              It is on its way
            </ActionButton>
          </>
        )) ||
        (transfer.status === 'shipped' && (
          <ActionButton may={may} look="solid" onClick={() => setReceiving(true)}>
            Take in what arrived
          </ActionButton>
        ))
      }
    >
      {step.error && (
        <Notice tone="bad" className="mb-4">
          {asProblem(step.error).message}
        </Notice>
      )}
      <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <Lines
          label="Lines of the transfer"
          heads={['Received']}
          rows={transfer.lines.map((line) => ({
            ...line,
            cells: [count(line.received)],
          }))}
        />
        {receiving && (
          <ReceiveSheet
            title={`Take in ${transfer.number}`}
            open
            onClose={() => setReceiving(false)}
            lines={transfer.lines
              .map(({ product_id, name, sku, quantity, received }) => ({
                id: product_id,
                name,
                sku,
                coming: quantity - received,
              }))
              .filter(({ coming }) => coming > 0)}
            onReceive={(arrived) => receive.mutate({ arrived, version: transfer.version })}
            pending={receive.isPending}
            error={receive.error}
          />
        )}
        <Card title="Transfer">
          <Facts
            facts={[
              ['From', nameOf(transfer.from_location_id)],
              ['To', nameOf(transfer.to_location_id)],
              ['Made', moment(transfer.created_at, zone)],
              ...(transfer.note ? ([['Note', transfer.note]] as [string, ReactNode][]) : []),
            ]}
          />
        </Card>
      </div>
    </Page>
  )
}

const unitsOf = (arrived: Arrived) => arrived.reduce((sum, { quantity }) => sum + quantity, 0)

type Loading = { error: unknown; isFetching: boolean; refetch: () => unknown }

type Back = typeof TO_PURCHASES | typeof TO_PLANNING

function Waiting({ title, back, query }: { title: string; back: Back; query: Loading }) {
  return (
    <Page title={title} back={back}>
      {query.error ? <FailedQuery query={query} /> : <RowsSkeleton rows={8} height={57} />}
    </Page>
  )
}

type LinesProps = {
  label: string
  heads: string[]
  rows: { product_id: string; sku: string; name: string; quantity: number; cells: string[] }[]
  foot?: string
}

function Lines({ label, heads, rows, foot }: LinesProps) {
  return (
    <Card title="Lines">
      <Table label={label}>
        <thead>
          <tr>
            <Head className="w-full">Product</Head>
            <Head right>Units</Head>
            {heads.map((head, at) => (
              <Head key={head} right className={at < heads.length - 1 ? 'max-sm:hidden' : ''}>
                {head}
              </Head>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((line, row) => (
            // One product may stand on several lines.
            <tr key={row} className={ROW}>
              <RowHead className="w-full max-w-0">
                <Link
                  to="/products/$productId"
                  params={{ productId: line.product_id }}
                  className="block truncate font-medium hover:text-accent"
                >
                  {line.name}
                </Link>
                <span className="block truncate text-xs text-muted">{line.sku}</span>
              </RowHead>
              <Cell right>{count(line.quantity)}</Cell>
              {line.cells.map((cell, at) => (
                <Cell
                  key={heads[at]}
                  right
                  className={`whitespace-nowrap ${at < heads.length - 1 ? 'max-sm:hidden' : ''}`}
                >
                  {cell}
                </Cell>
              ))}
            </tr>
          ))}
        </tbody>
      </Table>
      {foot && (
        <p className="num flex justify-between border-t border-line px-4 py-3 font-semibold sm:px-5">
          <span>Total</span> <span>{foot}</span>
        </p>
      )}
    </Card>
  )
}
