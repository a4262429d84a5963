import type { Movement, ProductKind, ProductStatus } from '@/client/api'
import type { Tone } from '@/ui/Badge'

export const STATUS_WORDS: Record<ProductStatus, { label: string; tone: Tone; about: string }> = {
  draft: { label: 'Draft', tone: 'warn', about: 'Not sold, not shown to buyers.' },
  active: { label: 'Active', tone: 'good', about: 'Sold and shown.' },
  archived: { label: 'Archived', tone: 'plain', about: 'Not sold any more; its history stays.' },
}

export const KIND_WORDS: Record<ProductKind, { label: string; about: string }> = {
  good: { label: 'Good', about: 'Something with stock that is sent.' },
  service: { label: 'Service', about: 'Sold without stock: a gift card, an engraving.' },
  group: { label: 'Group', about: 'Sizes and colours of one thing; its variants are sold.' },
}

export const REASON_WORDS: Record<Movement['reason'], string> = {
  receipt: 'Came in',
  sale: 'Sold',
  cancellation: 'Cancelled order',
  return: 'Came back',
  damage: 'Damaged or lost',
  count: 'Counted',
  transfer: 'Moved',
  adjustment: 'Corrected',
}
