import { country } from '@/lib/format'

/** What a label says; a person's own addresses know no e-mail. */
type Address = {
  name?: string | null
  company?: string | null
  line1?: string | null
  line2?: string | null
  city?: string | null
  region?: string | null
  postal_code?: string | null
  country?: string | null
  phone?: string | null
  email?: string | null
}

export function AddressText({ title, address }: { title?: string; address: Address }) {
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
      {title && <h3 className="text-[0.8125rem] text-muted">{title}</h3>}
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
