import { useState } from 'react'
import { api, bodyOf, type Order, type OrderLeft } from '@/client/api'
import type { components } from '@/client/schema'
import { keyed, useWrite } from '@/client/write'
import { counted } from '@/lib/format'
import { ActionSheet } from '@/ui/ActionSheet'
import { AreaField, TextField } from '@/ui/Field'
import { LineUnits } from '@/ui/LineUnits'
import { ORDERS } from './queries'
import { useLineUnits } from './useLineUnits'

type ReturnSheetProps = { open: boolean; onClose: () => void; order: Order; left: OrderLeft }

export function ReturnSheet({ open, onClose, order, left }: ReturnSheetProps) {
  const units = useLineUnits(order, left, 'to_return', 'none')
  const [reason, setReason] = useState('')
  const [note, setNote] = useState('')
  const ask = useWrite(
    (body: components['schemas']['RequestReturn'], key) =>
      bodyOf(
        api.POST('/api/v1/orders/{order_id}/returns', {
          params: { path: { order_id: order.order_id }, header: keyed(key) },
          body,
        }),
      ),
    {
      touches: [ORDERS],
      said: (back) => `Return ${back.number} is open. Take it in when the goods are here.`,
      onDone: () => {
        units.reset()
        setReason('')
        setNote('')
        onClose()
      },
    },
  )
  return (
    <ActionSheet
      title={`Take goods of ${order.order_number} back`}
      open={open}
      onClose={onClose}
      onSubmit={() =>
        ask.mutate({
          lines: units.asked,
          reason: reason.trim() || null,
          note: note.trim() || null,
        })
      }
      act={units.total ? `Open a return of ${counted(units.total, 'unit')}` : 'Open a return'}
      disabled={units.total === 0}
      pending={ask.isPending}
      error={ask.error}
      className="sm:max-w-xl"
    >
      <LineUnits legend="What comes back" lines={units.lines} onChange={units.set} />
      <TextField label="Reason (optional)" maxLength={200} value={reason} onChange={setReason} />
      <AreaField
        label="Note (optional)"
        maxLength={2000}
        rows={2}
        value={note}
        onChange={setNote}
      />
      <p className="text-[0.8125rem] text-muted">
        Stock and money move later: when the goods are taken in, and when the return is refunded.
      </p>
    </ActionSheet>
  )
}
