import { getRouteApi } from '@tanstack/react-router'
import { PackageCheck, PencilLine, RotateCcw, Truck, Undo2, XCircle } from 'lucide-react'
import { useState } from 'react'
import type { Order, OrderLeft } from '@/client/api'
import { channelName, useStore } from '@/client/store'
import { all, useMay } from '@/features/session/me'
import { moment, wordOf } from '@/lib/format'
import { ActionButton } from '@/ui/ActionButton'
import { Badge } from '@/ui/Badge'
import { Card } from '@/ui/Card'
import { FailedQuery } from '@/ui/Failed'
import { MoreActions } from '@/ui/MoreActions'
import { Page } from '@/ui/Page'
import { RowsSkeleton } from '@/ui/RowsSkeleton'
import { CancelSheet } from './CancelSheet'
import { EditLinesSheet } from './EditLinesSheet'
import { HistoryCard } from './HistoryCard'
import { LinesCard } from './LinesCard'
import { MoveSheet } from './MoveSheet'
import { NotesCard } from './NotesCard'
import { PaymentsCard } from './PaymentsCard'
import { PeopleCard } from './PeopleCard'
import { useLeft, useOrder } from './queries'
import { RefundSheet } from './RefundSheet'
import { ReturnsCard } from './ReturnsCard'
import { ReturnSheet } from './ReturnSheet'
import { mayCancel, mayEdit, mayRefund, mayReturn, maySend, nextStep } from './rules'
import { ShipmentsCard } from './ShipmentsCard'
import { ShipSheet } from './ShipSheet'
import { fulfilmentWord, paymentWord, statusTone, toneOf } from './words'

const route = getRouteApi('/in/orders/$orderId')
const BACK = { to: '/orders', label: 'Orders' } as const

export function OrderPage() {
  const { orderId } = route.useParams()
  const query = useOrder(orderId)
  const left = useLeft(orderId)
  const store = useStore()
  const order = query.data
  if (!order) {
    return (
      <Page title="Order" back={BACK}>
        {query.error ? (
          <FailedQuery query={query} />
        ) : (
          <Card title="Lines">
            <RowsSkeleton rows={8} height={56} />
          </Card>
        )}
      </Page>
    )
  }
  return (
    <Page
      title={order.order_number}
      back={BACK}
      beside={<States order={order} />}
      note={`${channelName(order.channel, store.data)} · placed ${moment(order.placed_at, store.data?.timezone)}`}
      actions={<Actions order={order} left={left.data} />}
    >
      <div className="grid gap-4 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <div className="min-w-0 space-y-4">
          <LinesCard order={order} left={left.data} />
          <ShipmentsCard order={order} />
          <ReturnsCard order={order} />
          <PaymentsCard order={order} />
        </div>
        <div className="min-w-0 space-y-4">
          <PeopleCard order={order} />
          <NotesCard orderId={orderId} />
          <HistoryCard order={order} />
        </div>
      </div>
    </Page>
  )
}

function States({ order }: { order: Order }) {
  return (
    <span className="flex flex-wrap gap-1.5">
      <Badge tone={statusTone(order.status)}>{wordOf(order.status)}</Badge>
      <Badge tone={toneOf(order.payment_status)}>{paymentWord(order.payment_status)}</Badge>
      {order.fulfillment_status !== 'none' && (
        <Badge tone={toneOf(order.fulfillment_status)}>
          {fulfilmentWord(order.fulfillment_status)}
        </Badge>
      )}
    </span>
  )
}

type Sheet = 'move' | 'edit' | 'ship' | 'cancel' | 'refund' | 'return' | null

/** The likely next step in the open, the rest in a menu. What may not be done says why. */
function Actions({ order, left }: { order: Order; left: OrderLeft | undefined }) {
  const [sheet, setSheet] = useState<Sheet>(null)
  const close = () => setSheet(null)
  const write = useMay('orders:write')
  const fulfil = useMay('orders:fulfil')
  const refund = useMay('orders:refund')
  const step = nextStep(order)
  const send = all(fulfil, maySend(order, left))
  const sending = order.status === 'confirmed' || order.status === 'processing'
  return (
    <>
      {sending && (
        <ActionButton may={send} look="solid" onClick={() => setSheet('ship')}>
          <Truck size={16} aria-hidden /> Send
        </ActionButton>
      )}
      {step && (
        <ActionButton
          may={write}
          look={sending ? 'outline' : 'solid'}
          onClick={() => setSheet('move')}
        >
          <PackageCheck size={16} aria-hidden /> {step.label}
        </ActionButton>
      )}
      <MoreActions
        actions={[
          {
            label: 'Change the lines…',
            icon: PencilLine,
            may: all(write, mayEdit(order)),
            run: () => setSheet('edit'),
          },
          {
            label: 'Refund…',
            icon: Undo2,
            may: all(refund, mayRefund(left)),
            run: () => setSheet('refund'),
          },
          {
            label: 'Take goods back…',
            icon: RotateCcw,
            may: all(fulfil, mayReturn(order, left)),
            run: () => setSheet('return'),
          },
          {
            label: 'Cancel the order…',
            icon: XCircle,
            may: all(write, mayCancel(order)),
            run: () => setSheet('cancel'),
          },
        ]}
      />
      {step && <MoveSheet open={sheet === 'move'} onClose={close} order={order} step={step} />}
      <EditLinesSheet open={sheet === 'edit'} onClose={close} order={order} />
      <CancelSheet open={sheet === 'cancel'} onClose={close} order={order} />
      {left && (
        <>
          <ShipSheet open={sheet === 'ship'} onClose={close} order={order} left={left} />
          <RefundSheet open={sheet === 'refund'} onClose={close} order={order} left={left} />
          <ReturnSheet open={sheet === 'return'} onClose={close} order={order} left={left} />
        </>
      )}
    </>
  )
}
