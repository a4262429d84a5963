import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, bodyOf, type Order, type OrderLeft, type RefundAsked } from '@/client/api'
import { asProblem } from '@/client/problem'
import { keyed, useWrite } from '@/client/write'
import { money } from '@/lib/format'
import { useLater } from '@/lib/useLater'
import { ActionSheet } from '@/ui/ActionSheet'
import { CheckField, TextField } from '@/ui/Field'
import { Notice } from '@/ui/Notice'
import { Segments } from '@/ui/Segments'
import { LineUnits } from '@/ui/LineUnits'
import { ORDERS } from './queries'
import { amountProblem, readAmount, type RefundMode, refundAsked } from './refund'
import { useLineUnits } from './useLineUnits'

type RefundSheetProps = { open: boolean; onClose: () => void; order: Order; left: OrderLeft }

/** Money back: of units at what they were sold for, an amount, or all that is left. */
export function RefundSheet({ open, onClose, order, left }: RefundSheetProps) {
  const units = useLineUnits(order, left, 'to_refund', 'none')
  const byUnits = units.lines.length > 0
  const [mode, setMode] = useState<RefundMode>(byUnits ? 'units' : 'amount')
  const [amount, setAmount] = useState('')
  const [shipping, setShipping] = useState(false)
  const [reason, setReason] = useState('')
  const typed = { mode, lines: units.asked, shipping, amount, reason }
  const asked = refundAsked(typed)
  const preview = usePreview(order.order_id, open ? asked : null)
  const wrong = mode === 'amount' ? amountProblem(amount, left.refundable, order.currency) : null
  const refund = useWrite(
    (body: RefundAsked, key) =>
      bodyOf(
        api.POST('/api/v1/orders/{order_id}/refunds', {
          params: { path: { order_id: order.order_id }, header: keyed(key) },
          body,
        }),
      ),
    {
      touches: [ORDERS],
      said: (given) =>
        given.refund_id
          ? `${money(given.amount, given.currency)} are booked as given back.`
          : `${money(given.amount, given.currency)} are on their way back.`,
      onDone: () => {
        units.reset()
        setAmount('')
        setReason('')
        setShipping(false)
        onClose()
      },
    },
  )
  const sum = preview.data && !preview.isPlaceholderData ? preview.data : null
  return (
    <ActionSheet
      title={`Refund ${order.order_number}`}
      open={open}
      onClose={onClose}
      onSubmit={() => asked && refund.mutate(asked)}
      act={sum ? `Give ${money(sum.amount, sum.currency)} back` : 'Give money back'}
      danger
      disabled={!asked || wrong !== null || !sum}
      pending={refund.isPending}
      error={refund.error}
      className="sm:max-w-xl"
    >
      <Segments
        label="What to refund"
        options={[
          { value: 'units', label: 'Units', disabled: !byUnits },
          { value: 'amount', label: 'Amount' },
          { value: 'all', label: 'All that is left' },
        ]}
        value={mode}
        onChange={setMode}
        className="w-full"
      />
      {mode === 'units' && (
        <>
          <LineUnits legend="Units that are refunded" lines={units.lines} onChange={units.set} />
          {left.shipping > 0 && (
            <CheckField label="Shipping too" checked={shipping} onChange={setShipping} />
          )}
          <p className="text-[0.8125rem] text-muted">
            No goods move: what comes back is a return, with “Take goods back”.
          </p>
        </>
      )}
      {mode === 'amount' && (
        <TextField
          label="Amount"
          inputMode="decimal"
          unit={order.currency}
          value={amount}
          onChange={setAmount}
          hint={`Up to ${money(left.refundable, order.currency)}. It is spread over all lines.`}
          error={amount && readAmount(amount) !== 0 ? wrong : null}
        />
      )}
      {mode === 'all' && (
        <p>
          {money(left.refundable, order.currency)} came in and did not go back yet. All of it does
          now.
        </p>
      )}
      <TextField
        label="Reason (optional)"
        hint="Stands on the credit note."
        maxLength={200}
        value={reason}
        onChange={setReason}
      />
      <div aria-live="polite" className="min-h-16">
        {preview.error && asked && !wrong ? (
          <Notice tone="warn">{asProblem(preview.error).message}</Notice>
        ) : sum ? (
          <Notice tone="accent">
            <p className="num font-semibold">
              {money(sum.amount, sum.currency)} go back to the buyer
            </p>
            <p className="num text-[0.8125rem] text-muted">
              Goods{' '}
              {money(
                sum.lines.reduce((all, line) => all + line.amount, 0),
                sum.currency,
              )}{' '}
              · shipping {money(sum.shipping, sum.currency)} · tax {money(sum.tax, sum.currency)}
              {sum.unearned > 0 &&
                ` · ${money(sum.unearned, sum.currency)} that the order is not worth any more`}
            </p>
          </Notice>
        ) : (
          <Notice>
            <p className="text-muted">
              {asked && !wrong
                ? 'Working it out…'
                : 'Choose what goes back to see what it comes to.'}
            </p>
          </Notice>
        )}
      </div>
    </ActionSheet>
  )
}

/** What it would come to, by the server's own sums. The reason changes nothing of it. */
function usePreview(orderId: string, asked: RefundAsked | null) {
  const settled = useLater(JSON.stringify(asked && { ...asked, reason: null }))
  return useQuery({
    queryKey: ['orders', orderId, 'refund-preview', settled],
    enabled: settled !== 'null',
    placeholderData: keepPreviousData,
    retry: false,
    queryFn: ({ signal }) =>
      bodyOf(
        api.POST('/api/v1/orders/{order_id}/refunds/preview', {
          params: { path: { order_id: orderId } },
          body: JSON.parse(settled) as RefundAsked,
          signal,
        }),
      ),
  })
}
