import type { CustomerRow } from '@/client/api'
import { country, shortId } from '@/lib/format'

type Named = Pick<CustomerRow, 'customer_id' | 'name' | 'email' | 'is_erased'>

/** What to call somebody of whom little may be known. */
export function nameOf({ customer_id, name, email, is_erased }: Named): string {
  return name ?? email ?? `${is_erased ? 'Forgotten' : 'Customer'} ${shortId(customer_id)}`
}

/** "Berlin, Germany", as far as it is known. */
export function placeOf(customer: Pick<CustomerRow, 'city' | 'country'>): string | null {
  return (
    [customer.city, customer.country && country(customer.country)].filter(Boolean).join(', ') ||
    null
  )
}
