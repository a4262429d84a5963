import { ExternalLink, Truck } from 'lucide-react'
import { useState } from 'react'
import { api, bodyOf, type Order, type Shipment } from '@/client/api'
import { useZone } from '@/client/store'
import { keyed, useWrite } from '@/client/write'
import { useMay } from '@/features/session/me'
import { counted, moment, wordOf } from '@/lib/format'
import { ActionButton } from '@/ui/ActionButton'
import { ActionSheet } from '@/ui/ActionSheet'
import { Badge } from '@/ui/Badge'
import { Card } from '@/ui/Card'
import { FailedQuery } from '@/ui/Failed'
import { RowsSkeleton } from '@/ui/RowsSkeleton'
import { ORDERS, useShipments } from './queries'
import { trackingBody, urlProblem } from './tracking'
import { TrackingFields } from './TrackingFields'
import { toneOf } from './words'

export function ShipmentsCard({ order }: { order: Order }) {
  const shipments = useShipments(order.order_id)
  const sent = order.fulfillment_status === 'fulfilled'
  return (
    <Card
      title="Parcels"
      note={shipments.data?.length ? counted(shipments.data.length, 'parcel') : undefined}
    >
      {shipments.isPending && <RowsSkeleton rows={1} height={56} />}
      {shipments.error && <FailedQuery query={shipments} className="" />}
      {shipments.data?.length === 0 && (
        <p className="flex items-center gap-2.5 px-4 pt-1 pb-4 text-muted sm:px-5">
          <Truck size={16} aria-hidden />
          {sent
            ? 'Sent by the channel, or before parcels were kept here.'
            : 'Nothing was sent yet.'}
        </p>
      )}
      {shipments.data && shipments.data.length > 0 && (
        <ul className="divide-y divide-line pb-1">
          {shipments.data.map((parcel) => (
            <Parcel key={parcel.shipment_id} parcel={parcel} order={order} />
          ))}
        </ul>
      )}
    </Card>
  )
}

function Parcel({ parcel, order }: { parcel: Shipment; order: Order }) {
  const zone = useZone()
  const may = useMay('orders:fulfil')
  const [tracking, setTracking] = useState(false)
  const [undoing, setUndoing] = useState(false)
  const units = parcel.lines.reduce((sum, line) => sum + line.quantity, 0)
  const params = (key: string) => ({
    params: { path: { shipment_id: parcel.shipment_id }, header: keyed(key) },
  })
  const deliver = useWrite(
    (_: null, key) => bodyOf(api.POST('/api/v1/shipments/{shipment_id}/deliver', params(key))),
    { touches: [ORDERS], said: `Parcel ${parcel.number} has arrived.` },
  )
  const cancel = useWrite(
    (_: null, key) => bodyOf(api.POST('/api/v1/shipments/{shipment_id}/cancel', params(key))),
    {
      touches: [ORDERS],
      said: `Parcel ${parcel.number} is taken back.`,
      onDone: () => setUndoing(false),
    },
  )
  const name = (line_no: number) =>
    order.items.find((item) => item.line_no === line_no)?.name ?? `line ${line_no}`
  return (
    <li className="px-4 py-3 sm:px-5">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="font-medium">{parcel.number}</span>
        <Badge tone={toneOf(parcel.status)}>
          {parcel.status === 'shipped' ? 'On the way' : wordOf(parcel.status)}
        </Badge>
        <span className="num text-xs text-muted sm:ml-auto">
          {parcel.delivered_at
            ? `arrived ${moment(parcel.delivered_at, zone)}`
            : `sent ${moment(parcel.shipped_at, zone)}`}
        </span>
      </div>
      <p className="mt-1 text-muted">
        {counted(units, 'unit')}:{' '}
        {parcel.lines.map((line) => `${line.quantity} × ${name(line.line_no)}`).join(', ')}
      </p>
      {(parcel.carrier || parcel.tracking_number) && (
        <p className="mt-0.5 break-words">
          {parcel.carrier}{' '}
          {parcel.tracking_url && !urlProblem(parcel.tracking_url) ? (
            <a
              href={parcel.tracking_url}
              target="_blank"
              rel="noreferrer"
              className="inline-flex items-center gap-1 font-medium text-accent hover:underline"
            >
              {parcel.tracking_number ?? 'Follow it'} <ExternalLink size={13} aria-hidden />
              <span className="sr-only">(opens a new window)</span>
            </a>
          ) : (
            <span className="font-medium">{parcel.tracking_number}</span>
          )}
        </p>
      )}
      {parcel.status === 'shipped' && (
        <div className="mt-2 flex flex-wrap gap-2">
          <ActionButton may={may} disabled={deliver.isPending} onClick={() => deliver.mutate(null)}>
            It has arrived
          </ActionButton>
          <ActionButton may={may} look="plain" onClick={() => setTracking(true)}>
            {parcel.tracking_number ? 'Change tracking' : 'Add tracking'}
          </ActionButton>
          {order.status === 'processing' && (
            <ActionButton may={may} look="plain" onClick={() => setUndoing(true)}>
              It never left
            </ActionButton>
          )}
        </div>
      )}
      <TrackingSheet open={tracking} onClose={() => setTracking(false)} parcel={parcel} />
      <ActionSheet
        title={`Take parcel ${parcel.number} back?`}
        open={undoing}
        onClose={() => setUndoing(false)}
        onSubmit={() => cancel.mutate(null)}
        act="It never left"
        danger
        pending={cancel.isPending}
        error={cancel.error}
      >
        <p>
          Its {counted(units, 'unit')} are to be sent again. The mail to the buyer has gone out.
        </p>
      </ActionSheet>
    </li>
  )
}

function TrackingSheet(props: { open: boolean; onClose: () => void; parcel: Shipment }) {
  const { open, onClose, parcel } = props
  const [typed, setTyped] = useState({
    carrier: parcel.carrier ?? '',
    number: parcel.tracking_number ?? '',
    url: parcel.tracking_url ?? '',
  })
  const track = useWrite(
    (body: ReturnType<typeof trackingBody>, key) =>
      bodyOf(
        api.PUT('/api/v1/shipments/{shipment_id}/tracking', {
          params: { path: { shipment_id: parcel.shipment_id }, header: keyed(key) },
          body,
        }),
      ),
    { touches: [ORDERS], said: 'The tracking is changed.', onDone: onClose },
  )
  return (
    <ActionSheet
      title={`Tracking of parcel ${parcel.number}`}
      open={open}
      onClose={onClose}
      onSubmit={() => track.mutate(trackingBody(typed))}
      act="Save the tracking"
      disabled={urlProblem(typed.url) !== null}
      pending={track.isPending}
      error={track.error}
    >
      <TrackingFields value={typed} onChange={setTyped} />
    </ActionSheet>
  )
}
