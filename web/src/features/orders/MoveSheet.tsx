import { useState } from 'react'
import { api, bodyOf, type Order } from '@/client/api'
import { keyed, useWrite } from '@/client/write'
import { wordOf } from '@/lib/format'
import { ActionSheet } from '@/ui/ActionSheet'
import { AreaField } from '@/ui/Field'
import { ORDERS } from './queries'
import type { Step } from './rules'

type MoveSheetProps = { open: boolean; onClose: () => void; order: Order; step: Step }

export function MoveSheet({ open, onClose, order, step }: MoveSheetProps) {
  const [note, setNote] = useState('')
  const move = useWrite(
    (body: { note: string | null; version: number }, key) =>
      bodyOf(
        api.POST('/api/v1/orders/{order_id}/status', {
          params: { path: { order_id: order.order_id }, header: keyed(key, body.version) },
          body: { status: step.status, note: body.note },
        }),
      ),
    {
      touches: [ORDERS],
      said: (moved) => `Order ${moved.order_number} is ${moved.status} now.`,
      onDone: () => {
        setNote('')
        onClose()
      },
    },
  )
  return (
    <ActionSheet
      title={`${step.label}: ${order.order_number}`}
      open={open}
      onClose={onClose}
      onSubmit={() => move.mutate({ note: note.trim() || null, version: order.version })}
      act={step.label}
      pending={move.isPending}
      error={move.error}
    >
      <p>
        From <b>{wordOf(order.status)}</b> to <b>{wordOf(step.status)}</b>. {step.about}
      </p>
      <AreaField
        label="Note for the history (optional)"
        rows={2}
        maxLength={2000}
        value={note}
        onChange={setNote}
      />
    </ActionSheet>
  )
}
