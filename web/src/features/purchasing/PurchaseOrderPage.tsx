/** A purchase order, to be looked at, sent, taken in and cancelled. */
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { api, bodyOf } from '@/client/api'
import { asProblem } from '@/client/problem'
import { useZone } from '@/client/store'
import { keyed, useWrite } from '@/client/write'
import { PLANNING } from '@/features/insights/planning/queries'
import { STOCK } from '@/features/products/queries'
import { useMay } from '@/features/session/me'
import { count, counted, fullDay, money, moment, wordOf } from '@/lib/format'
import { ActionButton } from '@/ui/ActionButton'
import { Badge } from '@/ui/Badge'
import { Card } from '@/ui/Card'
import { Facts } from '@/ui/Facts'
import { Notice } from '@/ui/Notice'
import { Page } from '@/ui/Page'
import { DOCUMENT_TONES, DocumentLines, DOCUMENTS, DocumentWaiting } from './Document'
import { PURCHASES } from './queries'
import { type Arrived, ReceiveSheet, unitsOf } from './ReceiveSheet'

const BACK = { to: '/purchasing', label: 'Purchase orders' } as const

export function PurchaseOrderPage() {
  const { orderId } = getRouteApi('/in/purchasing/$orderId').useParams()
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
  if (!order) return <DocumentWaiting title="Purchase order" back={BACK} query={query} />
  const total = order.lines.reduce((sum, { total: amount }) => sum + amount, 0)
  const isOpen = ['draft', 'ordered', 'partial'].includes(order.status)
  return (
    <Page
      title={order.number}
      back={BACK}
      beside={<Badge tone={DOCUMENT_TONES[order.status]}>{wordOf(order.status)}</Badge>}
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
        <DocumentLines
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
