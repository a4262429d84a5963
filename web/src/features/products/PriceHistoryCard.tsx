import { ArrowRight } from 'lucide-react'
import type { Product } from '@/client/api'
import { useZone } from '@/client/store'
import { counted, dayOf, money } from '@/lib/format'
import { Card } from '@/ui/Card'
import { FailedQuery } from '@/ui/Failed'
import { MoreRows } from '@/ui/MoreRows'
import { RowsSkeleton } from '@/ui/RowsSkeleton'
import { PriceSteps } from './PriceSteps'
import { usePriceHistory } from './queries'

/** Every change of a price. Nothing here is ever changed or deleted. */
export function PriceHistoryCard({ product }: { product: Product }) {
  const history = usePriceHistory(product.product_id)
  const zone = useZone()
  const { rows } = history
  return (
    <Card title="Price history">
      {history.isPending && <RowsSkeleton rows={3} height={40} />}
      {history.error && !rows && <FailedQuery query={history} className="" />}
      {rows?.length === 0 && (
        <p className="px-4 pt-1 pb-4 text-muted sm:px-5">It has never had a price.</p>
      )}
      {rows && rows.length > 0 && (
        <>
          <PriceSteps steps={rows} currency={product.currency} />
          <ul className="num divide-y divide-line">
            {rows.map((step, index) => (
              <li
                key={`${step.changed_at}${step.currency}${index}`}
                className="flex flex-wrap items-center gap-x-2 px-4 py-2 sm:px-5"
              >
                <span className="text-muted">
                  {step.old_price === null ? 'none' : money(step.old_price, step.currency)}
                </span>
                <ArrowRight size={14} className="text-muted" aria-label="to" />
                <span className="font-medium">
                  {step.new_price === null ? 'none' : money(step.new_price, step.currency)}
                </span>
                <span className="ml-auto text-xs text-muted">{dayOf(step.changed_at, zone)}</span>
              </li>
            ))}
          </ul>
          <MoreRows query={history} shown={counted(rows.length, 'change')} />
        </>
      )}
    </Card>
  )
}
