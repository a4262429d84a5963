import { useState } from 'react'
import { api, bodyOf, type Order } from '@/client/api'
import type { components } from '@/client/schema'
import { keyed, useWrite } from '@/client/write'
import { type Picked, ProductPicker } from '@/features/products/ProductPicker'
import { money } from '@/lib/format'
import { ActionSheet } from '@/ui/ActionSheet'
import { AreaField, TextField } from '@/ui/Field'
import { Units } from '@/ui/Units'
import { type AddedLine, editAsked, shippingProblem } from './edit'
import { ORDERS } from './queries'

type EditLinesSheetProps = { open: boolean; onClose: () => void; order: Order }

/** What an order is of, before it has left. Prices and tax are worked out by the shop. */
export function EditLinesSheet({ open, onClose, order }: EditLinesSheetProps) {
  const [units, setUnits] = useState<Record<number, number>>({})
  const [added, setAdded] = useState<AddedLine[]>([])
  const [shipping, setShipping] = useState<string | null>(null)
  const [reason, setReason] = useState('')
  const reset = () => {
    setUnits({})
    setAdded([])
    setShipping(null)
    setReason('')
  }
  const edit = useWrite(
    ({ version, ...body }: components['schemas']['EditOrder'] & { version: number }, key: string) =>
      bodyOf(
        api.PATCH('/api/v1/orders/{order_id}', {
          params: { path: { order_id: order.order_id }, header: keyed(key, version) },
          body,
        }),
      ),
    {
      touches: [ORDERS],
      said: ({ total, due }) => told(order, total, due),
      onDone: () => {
        reset()
        onClose()
      },
    },
  )
  const typed = { units, added, shipping, reason }
  const asked = editAsked(order, typed)
  const wrong = shippingProblem(shipping)
  const pick = ({ sku, name, product_id }: Picked) =>
    setAdded([...added, { product_id, sku, name, quantity: 1 }])
  return (
    <ActionSheet
      title={`Change the lines of ${order.order_number}`}
      open={open}
      onClose={onClose}
      onSubmit={() => asked && edit.mutate({ ...asked, version: order.version })}
      act="Change the order"
      disabled={asked === null || wrong !== null}
      pending={edit.isPending}
      error={edit.error}
      className="sm:max-w-xl"
    >
      <fieldset>
        <legend className="mb-1 text-[0.8125rem] font-medium">Lines</legend>
        <ul className="divide-y divide-line rounded-xl border border-line">
          {order.items.map((line) => {
            const now = units[line.line_no] ?? line.quantity
            return (
              <EditedLine
                key={line.line_no}
                name={line.name}
                note={lineNote(line.sku, line.quantity, now)}
                units={now}
                onChange={(next) => setUnits({ ...units, [line.line_no]: next })}
              />
            )
          })}
          {added.map((line) => (
            <EditedLine
              key={line.product_id}
              name={line.name}
              note={`${line.sku} · ${line.quantity ? 'new, at the price of today' : 'is left out'}`}
              units={line.quantity}
              onChange={(quantity) =>
                setAdded(added.map((one) => (one === line ? { ...one, quantity } : one)))
              }
            />
          ))}
        </ul>
      </fieldset>
      <ProductPicker
        label="Add a product"
        taken={[...order.items, ...added].map(({ product_id }) => product_id)}
        onPick={pick}
      />
      <TextField
        label="Shipping"
        inputMode="decimal"
        autoComplete="off"
        unit={order.currency}
        value={shipping ?? String(order.shipping)}
        onChange={setShipping}
        error={wrong}
      />
      <AreaField
        label="Reason (optional)"
        hint="Stands in the history of the order."
        rows={2}
        maxLength={2000}
        value={reason}
        onChange={setReason}
      />
      <p className="text-[0.8125rem] text-muted">
        A line that stays keeps its price; a new one costs what the catalogue says today. Units move
        on or off the shelf with it, money does not: what is missing is asked for, and what was too
        much refunded, as a next step.
      </p>
    </ActionSheet>
  )
}

/** The new total, and what is to be done about the money: that is a step of its own. */
function told(order: Order, total: number, due: number): string {
  const cost = `${order.order_number} costs ${money(total, order.currency)} now.`
  if (due > 0) return `${cost} ${money(due, order.currency)} are still to be paid.`
  return due < 0 ? `${cost} ${money(-due, order.currency)} are to be given back.` : cost
}

function lineNote(sku: string | null, before: number, now: number): string {
  const told = [sku]
  if (now === 0) told.push('is taken away')
  else if (now !== before) told.push(`was ${before}`)
  return told.filter(Boolean).join(' · ')
}

type EditedLineProps = {
  name: string
  note: string
  units: number
  onChange: (units: number) => void
}

function EditedLine({ name, note, units, onChange }: EditedLineProps) {
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1 px-3 py-2">
      <span className="min-w-0 flex-1 basis-40">
        <span className="block font-medium break-words">{name}</span>
        <span className="block text-xs text-muted">{note}</span>
      </span>
      <Units label={`Units of ${name}`} value={units} onChange={onChange} />
    </li>
  )
}
