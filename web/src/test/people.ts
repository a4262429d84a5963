/** People as the API tells of them. */
import type { Customer, CustomerAddress, CustomerRow } from '@/client/api'

export function someCustomerRow(changes: Partial<CustomerRow> = {}): CustomerRow {
  return {
    customer_id: 'c1',
    channel: null,
    external_id: null,
    email: 'ada@example.com',
    name: 'Ada Example',
    phone: null,
    country: 'DE',
    region: null,
    city: 'Berlin',
    birth_date: null,
    is_erased: false,
    merged_into_id: null,
    version: 3,
    created_at: '2026-03-01T09:00:00Z',
    updated_at: '2026-11-01T09:00:00Z',
    ...changes,
  }
}

export function someCustomer(changes: Partial<Customer> = {}): Customer {
  return {
    ...someCustomerRow(),
    addresses: [someAddress()],
    groups: ['vip'],
    consents: [
      {
        purpose: 'newsletter',
        is_granted: true,
        source: 'form at checkout',
        at: '2026-05-01T09:00:00Z',
      },
    ],
    purchases: [
      {
        currency: 'EUR',
        placed: 5,
        orders: 4,
        total: 200,
        first_order_at: '2026-03-01T09:00:00Z',
        last_order_at: '2026-10-02T09:00:00Z',
      },
      {
        currency: 'USD',
        placed: 1,
        orders: 1,
        total: 30.5,
        first_order_at: '2026-06-01T09:00:00Z',
        last_order_at: '2026-06-01T09:00:00Z',
      },
    ],
    ...changes,
  }
}

export function someAddress(changes: Partial<CustomerAddress> = {}): CustomerAddress {
  return {
    address_id: 'a1',
    name: 'Ada Example',
    company: null,
    line1: 'Main Street 1',
    line2: null,
    city: 'Berlin',
    region: null,
    postal_code: '10115',
    country: 'DE',
    phone: null,
    is_default_shipping: true,
    is_default_billing: true,
    ...changes,
  }
}
