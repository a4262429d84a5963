import { useState } from 'react'
import { api, bodyOf, type Order } from '@/client/api'
import { keyed, useWrite } from '@/client/write'
import { counted, money } from '@/lib/format'
import { ActionSheet } from '@/ui/ActionSheet'
import { AreaField } from '@/ui/Field'
import { ORDERS } from './queries'

type CancelSheetProps = { open: boolean; onClose: () => void; order: Order }

export function CancelSheet({ open, onClose, order }: CancelSheetProps) {
  const [reason, setReason] = useState('')
  const cancel = useWrite(
    (body: { reason: string | null; version: number }, key) =>
      bodyOf(
        api.POST('/api/v1/orders/{order_id}/cancel', {
          params: { path: { order_id: order.order_id }, header: keyed(key, body.version) },
          body: { reason: body.reason },
        }),
      ),
    {
      touches: [ORDERS],
      said: (moved) =>
        moved.provider_refund_ids?.length
          ? `Order ${moved.order_number} is cancelled, and its money is on the way back.`
          : `Order ${moved.order_number} is cancelled.`,
      onDone: onClose,
    },
  )
  const paid = order.payment_status === 'paid' || order.payment_status === 'partially_refunded'
  return (
    <ActionSheet
      title={`Cancel order ${order.order_number}?`}
      open={open}
      onClose={onClose}
      onSubmit={() => cancel.mutate({ reason: reason.trim() || null, version: order.version })}
      act="Cancel the order"
      danger
      pending={cancel.isPending}
      error={cancel.error}
    >
      <ul className="list-disc space-y-1 pl-5">
        <li>This cannot be undone: who still wants the goods has to order again.</li>
        <li>{counted(order.units, 'unit')} can be sold to others from then on.</li>
        {paid && (
          <li>
            What was paid of {money(order.total, order.currency)} goes back to the buyer, if it came
            in through a payment provider of this shop.
          </li>
        )}
      </ul>
      <AreaField
        label="Reason (optional)"
        hint="Stands in the history of the order."
        rows={2}
        maxLength={2000}
        value={reason}
        onChange={setReason}
      />
    </ActionSheet>
  )
}
