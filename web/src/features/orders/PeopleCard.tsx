import { Link } from '@tanstack/react-router'
import type { Order } from '@/client/api'
import { useMay } from '@/features/session/me'
import { country } from '@/lib/format'
import { AddressText } from '@/ui/AddressText'
import { Card } from '@/ui/Card'
import { FailedQuery } from '@/ui/Failed'
import { RowsSkeleton } from '@/ui/RowsSkeleton'
import { useAddresses } from './queries'

/** Whom the order goes to. Personal: only for those who may see it. */
export function PeopleCard({ order }: { order: Order }) {
  const may = useMay('customers:read')
  const addresses = useAddresses(order.order_id, may.allowed)
  const place = [
    order.ship_city,
    order.ship_region,
    order.ship_country && country(order.ship_country),
  ]
  const known = place.filter(Boolean).join(', ')
  return (
    <Card title="Customer">
      <div className="space-y-3 px-4 pt-1 pb-4 sm:px-5">
        {may.allowed && addresses.isPending && <RowsSkeleton rows={2} height={24} />}
        {addresses.error && <FailedQuery query={addresses} className="" />}
        {may.allowed && addresses.data && (
          <>
            {addresses.data.shipping && (
              <AddressText title="Ships to" address={addresses.data.shipping} />
            )}
            {addresses.data.billing && (
              <AddressText title="Billed to" address={addresses.data.billing} />
            )}
            {order.customer_id && (
              <Link
                to="/customers/$customerId"
                params={{ customerId: order.customer_id }}
                className="inline-block font-medium text-accent hover:underline"
              >
                All about this customer
              </Link>
            )}
            {!addresses.data.shipping && !addresses.data.billing && (
              <p className="text-muted">
                {known ? `Ships to ${known}. ` : ''}No address is kept with this order.
              </p>
            )}
          </>
        )}
        {!may.allowed && (
          <>
            {known && <p>Ships to {known}</p>}
            <p className="text-muted">{may.why}</p>
          </>
        )}
      </div>
    </Card>
  )
}
