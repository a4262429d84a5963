import type { Promotion } from '@/client/api'

export function somePromotion(changes: Partial<Promotion> = {}): Promotion {
  return {
    promotion_id: 'm1',
    name: 'Ten off',
    kind: 'percent',
    code: 'TEN',
    percent: 10,
    amount: null,
    minimum: null,
    currency: null,
    buy: null,
    get: null,
    conditions: {},
    starts_at: null,
    ends_at: null,
    total_limit: null,
    customer_limit: null,
    used: null,
    is_stackable: true,
    priority: 0,
    is_active: true,
    version: 2,
    created_at: '2026-10-01T00:00:00Z',
    updated_at: '2026-10-01T00:00:00Z',
    ...changes,
  }
}
