import { money } from '@/lib/format'

type PriceProps = { price: number | null; currency: string | null; lowest: number | null }

/** A price and, where it was lowered, the lowest of the 30 days before, which buyers must be told. */
export function Price({ price, currency, lowest }: PriceProps) {
  if (price === null || currency === null) return <span className="text-muted">No price</span>
  return (
    <>
      <span className="font-medium">{money(price, currency)}</span>
      {lowest !== null && (
        <span className="block text-xs font-normal text-muted max-sm:hidden">
          30 days: {money(lowest, currency)}
        </span>
      )}
    </>
  )
}
