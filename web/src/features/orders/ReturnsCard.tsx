import { useState } from 'react'
import { api, bodyOf, type Order, type Return } from '@/client/api'
import { useZone } from '@/client/store'
import { keyed, useWrite } from '@/client/write'
import { useLocations } from '@/features/products/queries'
import { useMay } from '@/features/session/me'
import { counted, moment, money, wordOf } from '@/lib/format'
import { ActionButton } from '@/ui/ActionButton'
import { ActionSheet } from '@/ui/ActionSheet'
import { Badge } from '@/ui/Badge'
import { Card } from '@/ui/Card'
import { FailedQuery } from '@/ui/Failed'
import { CheckField, SelectField } from '@/ui/Field'
import { LineUnits } from '@/ui/LineUnits'
import { ORDERS, useReturns } from './queries'
import { type ReturnStep, returnSteps } from './rules'
import { toneOf } from './words'

/** Goods on their way back; nothing at all where there are none. */
export function ReturnsCard({ order }: { order: Order }) {
  const returns = useReturns(order.order_id)
  if (returns.error) {
    return (
      <Card title="Returns">
        <FailedQuery query={returns} className="" />
      </Card>
    )
  }
  if (!returns.data?.length) return null
  return (
    <Card title="Returns">
      <ul className="divide-y divide-line pb-1">
        {returns.data.map((one) => (
          <ReturnItem key={one.return_id} of={one} order={order} />
        ))}
      </ul>
    </Card>
  )
}

const STEPS: Record<ReturnStep, string> = {
  approved: 'Approve',
  rejected: 'Reject',
  cancelled: 'It does not come',
  receive: 'Take it in',
  refund: 'Refund it',
}

function ReturnItem({ of, order }: { of: Return; order: Order }) {
  const zone = useZone()
  const fulfil = useMay('orders:fulfil')
  const refund = useMay('orders:refund')
  const [sheet, setSheet] = useState<'receive' | 'refund' | null>(null)
  const move = useWrite(
    (status: 'approved' | 'rejected' | 'cancelled', key) =>
      bodyOf(
        api.POST('/api/v1/returns/{return_id}/status', {
          params: { path: { return_id: of.return_id }, header: keyed(key, of.version) },
          body: { status },
        }),
      ),
    { touches: [ORDERS], said: (moved) => `Return ${moved.number} is ${moved.status}.` },
  )
  const name = (line_no: number) =>
    order.items.find((item) => item.line_no === line_no)?.name ?? `line ${line_no}`
  return (
    <li className="px-4 py-3 sm:px-5">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="font-medium">{of.number}</span>
        <Badge tone={toneOf(of.status)}>{wordOf(of.status)}</Badge>
        <span className="num text-xs text-muted sm:ml-auto">{moment(of.updated_at, zone)}</span>
      </div>
      <p className="mt-1 text-muted">
        {of.lines
          .map(
            (line) =>
              `${line.quantity} × ${name(line.line_no)}` +
              (of.status === 'received' || of.status === 'refunded'
                ? ` (${line.restocked} back in stock)`
                : ''),
          )
          .join(', ')}
      </p>
      {of.reason && <p className="break-words">“{of.reason}”</p>}
      {of.note && <p className="break-words text-muted">{of.note}</p>}
      <div className="mt-2 flex flex-wrap gap-2 empty:hidden">
        {returnSteps(of).map((step, index) => (
          <ActionButton
            key={step}
            may={step === 'refund' ? refund : fulfil}
            look={index === 0 ? 'outline' : 'plain'}
            disabled={move.isPending}
            onClick={() =>
              step === 'receive' || step === 'refund' ? setSheet(step) : move.mutate(step)
            }
          >
            {STEPS[step]}
          </ActionButton>
        ))}
      </div>
      {move.error && (
        <p role="alert" className="mt-1 text-down">
          {move.error.message}
        </p>
      )}
      <ReceiveSheet open={sheet === 'receive'} onClose={() => setSheet(null)} {...{ of, order }} />
      <RefundReturnSheet open={sheet === 'refund'} onClose={() => setSheet(null)} of={of} />
    </li>
  )
}

type SheetProps = { open: boolean; onClose: () => void; of: Return }

function ReceiveSheet({ open, onClose, of, order }: SheetProps & { order: Order }) {
  const [chosen, setChosen] = useState<Record<number, number>>({})
  const [location, setLocation] = useState('')
  const locations = useLocations(open)
  const lines = of.lines.map(({ line_no, quantity }) => {
    const item = order.items.find((one) => one.line_no === line_no)
    return {
      line_no,
      name: item?.name ?? `Line ${line_no}`,
      sku: item?.sku ?? null,
      most: quantity,
      units: chosen[line_no] ?? quantity,
    }
  })
  const receive = useWrite(
    (
      body: { restocked: { line_no: number; quantity: number }[]; location_id: string | null },
      key,
    ) =>
      bodyOf(
        api.POST('/api/v1/returns/{return_id}/receive', {
          params: { path: { return_id: of.return_id }, header: keyed(key, of.version) },
          body,
        }),
      ),
    {
      touches: [ORDERS, ['stock']],
      said: `Return ${of.number} is taken in.`,
      onDone: onClose,
    },
  )
  return (
    <ActionSheet
      title={`Take return ${of.number} in`}
      open={open}
      onClose={onClose}
      onSubmit={() =>
        receive.mutate({
          restocked: lines.map(({ line_no, units }) => ({ line_no, quantity: units })),
          location_id: location || null,
        })
      }
      act="Take it in"
      pending={receive.isPending}
      error={receive.error}
      className="sm:max-w-xl"
    >
      <LineUnits
        legend="Units that go back on the shelf"
        lines={lines}
        onChange={(line_no, units) => setChosen({ ...chosen, [line_no]: units })}
      />
      <p className="text-[0.8125rem] text-muted">
        The others came back too, but cannot be sold again.
      </p>
      <SelectField
        label="On which shelf"
        value={location}
        onChange={setLocation}
        options={[
          { value: '', label: 'Where the order left from' },
          ...(locations.data ?? []).map(({ location_id, name }) => ({
            value: location_id,
            label: name,
          })),
        ]}
      />
    </ActionSheet>
  )
}

function RefundReturnSheet({ open, onClose, of }: SheetProps) {
  const [shipping, setShipping] = useState(false)
  const units = of.lines.reduce((sum, line) => sum + line.quantity, 0)
  const refund = useWrite(
    (body: { with_shipping: boolean }, key) =>
      bodyOf(
        api.POST('/api/v1/returns/{return_id}/refund', {
          params: { path: { return_id: of.return_id }, header: keyed(key, of.version) },
          body,
        }),
      ),
    {
      touches: [ORDERS],
      said: (given) => `${money(given.amount, given.currency)} go back for return ${of.number}.`,
      onDone: onClose,
    },
  )
  return (
    <ActionSheet
      title={`Refund return ${of.number}?`}
      open={open}
      onClose={onClose}
      onSubmit={() => refund.mutate({ with_shipping: shipping })}
      act="Give the money back"
      danger
      pending={refund.isPending}
      error={refund.error}
    >
      <p>{counted(units, 'unit')} are refunded at what they were sold for.</p>
      <CheckField
        label="What is left of the shipping too"
        checked={shipping}
        onChange={setShipping}
      />
    </ActionSheet>
  )
}
