/** The states of an order, its money, its parcels and returns, in words and tones. */
import type { OrderStatus } from '@/client/api'
import { wordOf } from '@/lib/format'
import type { Tone } from '@/ui/Badge'

const STATUS_TONES: Record<OrderStatus, Tone> = {
  pending: 'warn',
  confirmed: 'accent',
  processing: 'accent',
  shipped: 'plain',
  delivered: 'good',
  cancelled: 'bad',
  refunded: 'bad',
}

const OTHER_TONES: Record<string, Tone> = {
  paid: 'good',
  pending: 'warn',
  authorized: 'warn',
  captured: 'good',
  failed: 'bad',
  partial: 'warn',
  requested: 'warn',
  approved: 'accent',
  received: 'accent',
  delivered: 'good',
  shipped: 'accent',
  asked: 'warn',
  done: 'good',
}

export const statusTone = (status: OrderStatus): Tone => STATUS_TONES[status]
export const toneOf = (state: string): Tone => OTHER_TONES[state] ?? 'plain'
export const paymentWord = (state: string): string =>
  state === 'pending' ? 'Not paid' : wordOf(state)
export const fulfilmentWord = (state: string): string =>
  ({
    none: 'Nothing to send',
    unfulfilled: 'To be sent',
    partial: 'Partly sent',
    fulfilled: 'Sent',
  })[state] ?? wordOf(state)
