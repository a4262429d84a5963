import { useState } from 'react'
import { api, bodyOf, type Order, type OrderLeft } from '@/client/api'
import type { components } from '@/client/schema'
import { keyed, useWrite } from '@/client/write'
import { counted } from '@/lib/format'
import { ActionSheet } from '@/ui/ActionSheet'
import { LineUnits } from '@/ui/LineUnits'
import { ORDERS } from './queries'
import { NO_TRACKING, trackingBody, urlProblem } from './tracking'
import { TrackingFields } from './TrackingFields'
import { useLineUnits } from './useLineUnits'

type ShipSheetProps = { open: boolean; onClose: () => void; order: Order; left: OrderLeft }

export function ShipSheet({ open, onClose, order, left }: ShipSheetProps) {
  const units = useLineUnits(order, left, 'to_send', 'all')
  const [tracking, setTracking] = useState(NO_TRACKING)
  const ship = useWrite(
    (body: components['schemas']['Ship'], key) =>
      bodyOf(
        api.POST('/api/v1/orders/{order_id}/shipments', {
          params: { path: { order_id: order.order_id }, header: keyed(key) },
          body,
        }),
      ),
    {
      touches: [ORDERS],
      said: (parcel) => `Parcel ${parcel.number} is on its way. The buyer gets a mail.`,
      onDone: () => {
        units.reset()
        setTracking(NO_TRACKING)
        onClose()
      },
    },
  )
  return (
    <ActionSheet
      title={`Send a parcel of ${order.order_number}`}
      open={open}
      onClose={onClose}
      onSubmit={() => ship.mutate({ lines: units.asked, ...trackingBody(tracking) })}
      act={units.isAll ? 'Send all' : `Send ${counted(units.total, 'unit')}`}
      disabled={units.total === 0 || urlProblem(tracking.url) !== null}
      pending={ship.isPending}
      error={ship.error}
      className="sm:max-w-xl"
    >
      <LineUnits legend="What is in the parcel" lines={units.lines} onChange={units.set} />
      <TrackingFields value={tracking} onChange={setTracking} />
      <p className="text-[0.8125rem] text-muted">
        {units.isAll
          ? 'Nothing is left to send then: the order becomes shipped.'
          : 'The rest of the order stays to be sent.'}
      </p>
    </ActionSheet>
  )
}
