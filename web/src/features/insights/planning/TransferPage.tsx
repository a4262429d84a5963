/** A transfer between two places, to be looked at, sent, taken in and dropped. */
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { api, bodyOf } from '@/client/api'
import { asProblem } from '@/client/problem'
import { useZone } from '@/client/store'
import { keyed, useWrite } from '@/client/write'
import { STOCK } from '@/features/products/queries'
import {
  DOCUMENT_TONES,
  DocumentLines,
  DOCUMENTS,
  DocumentWaiting,
} from '@/features/purchasing/Document'
import { type Arrived, ReceiveSheet, unitsOf } from '@/features/purchasing/ReceiveSheet'
import { useMay } from '@/features/session/me'
import { count, counted, moment, wordOf } from '@/lib/format'
import { ActionButton } from '@/ui/ActionButton'
import { Badge } from '@/ui/Badge'
import { Card } from '@/ui/Card'
import { Facts } from '@/ui/Facts'
import { Notice } from '@/ui/Notice'
import { Page } from '@/ui/Page'
import { PLANNING } from './queries'

const BACK = { to: '/insights/planning', label: 'Planning' } as const

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
  if (!transfer) return <DocumentWaiting title="Transfer" back={BACK} query={query} />
  const nameOf = (id: string) =>
    places.data?.items.find(({ location_id }) => location_id === id)?.name ?? '…'
  return (
    <Page
      title={transfer.number}
      back={BACK}
      beside={<Badge tone={DOCUMENT_TONES[transfer.status]}>{wordOf(transfer.status)}</Badge>}
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
        <DocumentLines
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
