/**
 * What can be done with an order as it stands, and if not, why not. The server has the last word; this is
 * so that nobody has to try. Pure, with tests beside it.
 */
import type { Order, OrderLeft, OrderStatus, Return } from '@/client/api'
import { onlyIf } from '@/features/session/me'
import type { Permission } from '@/ui/ActionButton'

export type Step = { status: OrderStatus; label: string; about: string }

/** The next step of an order by hand; parcels move it by themselves. */
export function nextStep(order: Order): Step | null {
  switch (order.status) {
    case 'pending':
      return {
        status: 'confirmed',
        label: 'Confirm',
        about: 'The order counts as sold from then on, and its units leave the stock.',
      }
    case 'confirmed':
      return {
        status: 'processing',
        label: 'Start processing',
        about: 'Says that somebody is packing it. Stock and money stay as they are.',
      }
    case 'shipped':
      return {
        status: 'delivered',
        label: 'Mark as delivered',
        about: 'Says that the goods have arrived.',
      }
    default:
      return null
  }
}

const units = (left: OrderLeft | undefined, of: 'to_send' | 'to_return') =>
  left?.lines.reduce((sum, line) => sum + line[of], 0) ?? 0

export function maySend(order: Order, left: OrderLeft | undefined): Permission {
  if (order.status === 'pending') return { allowed: false, why: 'Confirm the order first.' }
  if (order.status !== 'confirmed' && order.status !== 'processing') {
    return { allowed: false, why: `The order is ${order.status}: there is nothing to send.` }
  }
  return onlyIf(units(left, 'to_send') > 0, 'Nothing of this order is left to send.')
}

export function mayEdit(order: Order): Permission {
  if (order.status === 'pending') return { allowed: false, why: 'Confirm the order first.' }
  if (order.status !== 'confirmed' && order.status !== 'processing') {
    return { allowed: false, why: `The order is ${order.status}: its lines are what they are.` }
  }
  const origin = order.history.at(0)?.origin
  if (origin !== 'checkout' && origin !== 'manual') {
    return { allowed: false, why: 'Only orders of the own checkout are changed here.' }
  }
  return onlyIf(
    order.refunds.length === 0,
    'Money of it has been given back: its lines are what they are.',
  )
}

export function mayCancel(order: Order): Permission {
  if (order.status === 'cancelled') return { allowed: false, why: 'It is cancelled already.' }
  if (!['pending', 'confirmed', 'processing'].includes(order.status)) {
    return { allowed: false, why: `The order is ${order.status}. Take the goods back instead.` }
  }
  return onlyIf(
    order.fulfillment_status !== 'partial',
    'A part of it has been sent: cancel the parcel, or take the goods back.',
  )
}

export function mayRefund(left: OrderLeft | undefined): Permission {
  return onlyIf((left?.refundable ?? 0) > 0, 'No money is left that could go back.')
}

export function mayReturn(order: Order, left: OrderLeft | undefined): Permission {
  const sent =
    ['shipped', 'delivered'].includes(order.status) || order.fulfillment_status === 'partial'
  return onlyIf(
    units(left, 'to_return') > 0,
    sent ? 'All that was sent is in a return already.' : 'Nothing was sent yet.',
  )
}

export type ReturnStep = 'approved' | 'rejected' | 'cancelled' | 'receive' | 'refund'

/** What may follow for goods on their way back. */
export function returnSteps(of: Return): ReturnStep[] {
  switch (of.status) {
    case 'requested':
      return ['approved', 'receive', 'rejected']
    case 'approved':
      return ['receive', 'cancelled']
    case 'received':
      return ['refund']
    default:
      return []
  }
}
