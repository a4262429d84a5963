import { useState } from 'react'
import { api, bodyOf, type Order, type PaymentIntent } from '@/client/api'
import { useZone } from '@/client/store'
import { keyed, useWrite } from '@/client/write'
import { useMay } from '@/features/session/me'
import { plainAmount } from '@/lib/amount'
import { moment, money, wordOf } from '@/lib/format'
import { ActionButton } from '@/ui/ActionButton'
import { ActionSheet } from '@/ui/ActionSheet'
import { Badge } from '@/ui/Badge'
import { Card } from '@/ui/Card'
import { FailedQuery } from '@/ui/Failed'
import { TextField } from '@/ui/Field'
import { RowsSkeleton } from '@/ui/RowsSkeleton'
import { Cell, Head, ROW, RowHead, Table } from '@/ui/Table'
import { ORDERS, useIntents } from './queries'
import { toneOf } from './words'

/** Money in, money out, and money that is still expected. */
export function PaymentsCard({ order }: { order: Order }) {
  const intents = useIntents(order.order_id)
  const zone = useZone()
  const open = (intents.data ?? []).filter(({ status }) => status !== 'captured')
  const nothing =
    order.payments.length === 0 && order.refunds.length === 0 && intents.data?.length === 0
  return (
    <Card title="Payments">
      {intents.isPending && order.payments.length === 0 && <RowsSkeleton rows={2} height={48} />}
      {intents.error && <FailedQuery query={intents} className="" />}
      {nothing && (
        <p className="px-4 pt-1 pb-4 text-muted sm:px-5">No money has come in for this order.</p>
      )}
      {open.map((intent) => (
        <Expected key={intent.payment_id} intent={intent} />
      ))}
      {(order.payments.length > 0 || order.refunds.length > 0) && (
        <Table label="Payments and refunds">
          <thead>
            <tr>
              <Head>What</Head>
              <Head className="max-sm:hidden">When</Head>
              <Head>State</Head>
              <Head right>Amount</Head>
            </tr>
          </thead>
          <tbody>
            {order.payments.map((payment) => (
              <tr key={payment.payment_id} className={ROW}>
                <RowHead>
                  <span className="font-medium">{wordOf(payment.method)}</span>
                  <span className="block text-xs text-muted">
                    <span className="break-all">{payment.external_id}</span>
                    {payment.installments > 1 && ` · ${payment.installments} instalments`}
                    <span className="sm:hidden"> · {moment(payment.paid_at, zone)}</span>
                  </span>
                </RowHead>
                <Cell className="max-sm:hidden">{moment(payment.paid_at, zone)}</Cell>
                <Cell>
                  <Badge tone={toneOf(payment.status)}>
                    {payment.status === 'captured' ? 'Came in' : wordOf(payment.status)}
                  </Badge>
                </Cell>
                <Cell right className="font-medium whitespace-nowrap">
                  {money(payment.amount, payment.currency)}
                </Cell>
              </tr>
            ))}
            {order.refunds.map((refund) => (
              <tr key={refund.refund_id} className={ROW}>
                <RowHead>
                  <span className="font-medium">Refund</span>
                  <span className="block text-xs break-words text-muted">
                    {refund.external_id}
                    {refund.reason && ` · ${refund.reason}`}
                    <span className="sm:hidden"> · {moment(refund.refunded_at, zone)}</span>
                  </span>
                </RowHead>
                <Cell className="max-sm:hidden">{moment(refund.refunded_at, zone)}</Cell>
                <Cell>
                  <Badge>Went back</Badge>
                </Cell>
                <Cell right className="font-medium whitespace-nowrap">
                  {money(-refund.amount, refund.currency)}
                </Cell>
              </tr>
            ))}
          </tbody>
        </Table>
      )}
    </Card>
  )
}

/** Money that has not come in: how far it is, and what can be done. */
function Expected({ intent }: { intent: PaymentIntent }) {
  const may = useMay('orders:write')
  const [entering, setEntering] = useState(false)
  const path = { payment_id: intent.payment_id }
  const check = useWrite(
    (_: null, key) =>
      bodyOf(
        api.POST('/api/v1/payments/{payment_id}/check', {
          params: { path, header: keyed(key) },
        }),
      ),
    {
      touches: [ORDERS],
      said: (now) => `The provider says: ${now.status}.`,
    },
  )
  const over = intent.status === 'cancelled'
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2 border-b border-line px-4 py-3 sm:px-5">
      <div className="min-w-0 flex-1 basis-48">
        <span className="font-medium">{wordOf(intent.provider)}</span>{' '}
        <Badge tone={toneOf(intent.status)}>{wordOf(intent.status)}</Badge>
        <p className="num text-xs text-muted">
          {money(intent.amount - intent.captured, intent.currency)}{' '}
          {over ? 'did not come' : 'expected'}
          {intent.failure && ` · ${intent.failure}`}
        </p>
      </div>
      {!over && intent.provider === 'manual' && (
        <ActionButton may={may} onClick={() => setEntering(true)}>
          The money is here
        </ActionButton>
      )}
      {!over && intent.provider !== 'manual' && (
        <ActionButton may={may} disabled={check.isPending} onClick={() => check.mutate(null)}>
          {check.isPending ? 'Asking…' : 'Ask the provider'}
        </ActionButton>
      )}
      {check.error && (
        <p role="alert" className="w-full text-down">
          {check.error.message}
        </p>
      )}
      <ReceivedSheet open={entering} onClose={() => setEntering(false)} intent={intent} />
    </div>
  )
}

function ReceivedSheet(props: { open: boolean; onClose: () => void; intent: PaymentIntent }) {
  const { open, onClose, intent } = props
  const missing = intent.amount - intent.captured
  const [amount, setAmount] = useState('')
  const [method, setMethod] = useState('')
  const enter = useWrite(
    (body: { amount: string | null; method: string | null }, key) =>
      bodyOf(
        api.POST('/api/v1/payments/{payment_id}/received', {
          params: { path: { payment_id: intent.payment_id }, header: keyed(key) },
          body,
        }),
      ),
    {
      touches: [ORDERS],
      said: (now) => `${money(now.captured, now.currency)} have come in.`,
      onDone: onClose,
    },
  )
  const wrong = amount.trim() !== '' && plainAmount(amount) === null
  return (
    <ActionSheet
      title="The money is here"
      open={open}
      onClose={onClose}
      onSubmit={() => enter.mutate({ amount: plainAmount(amount), method: method.trim() || null })}
      act="Book it"
      disabled={wrong}
      pending={enter.isPending}
      error={enter.error}
    >
      <TextField
        label="Amount"
        inputMode="decimal"
        unit={intent.currency}
        placeholder={String(missing)}
        value={amount}
        onChange={setAmount}
        hint={`Empty: all that is missing, ${money(missing, intent.currency)}.`}
        error={wrong ? 'Write an amount, like 12.50.' : null}
      />
      <TextField
        label="How it came (optional)"
        placeholder="Bank transfer"
        maxLength={64}
        value={method}
        onChange={setMethod}
      />
    </ActionSheet>
  )
}
