import type { Order } from '@/client/api'
import type { components } from '@/client/schema'
import { useMay } from '@/features/session/me'
import { country } from '@/lib/format'
import { Card } from '@/ui/Card'
import { FailedQuery } from '@/ui/Failed'
import { RowsSkeleton } from '@/ui/RowsSkeleton'
import { useAddresses } from './queries'

type Address = components['schemas']['AddressOut']

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

function AddressText({ title, address }: { title: string; address: Address }) {
  const lines = [
    address.name,
    address.company,
    address.line1,
    address.line2,
    [address.postal_code, address.city].filter(Boolean).join(' '),
    address.region,
    address.country && country(address.country),
  ].filter(Boolean)
  return (
    <div>
      <h3 className="text-[0.8125rem] text-muted">{title}</h3>
      <address className="break-words not-italic">
        {lines.map((line) => (
          <span key={line} className="block">
            {line}
          </span>
        ))}
        {address.email && (
          <a className="block text-accent hover:underline" href={`mailto:${address.email}`}>
            {address.email}
          </a>
        )}
        {address.phone && (
          <a className="block text-accent hover:underline" href={`tel:${address.phone}`}>
            {address.phone}
          </a>
        )}
      </address>
    </div>
  )
}
