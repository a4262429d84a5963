import { ShoppingBag } from 'lucide-react'
import type { Customer } from '@/client/api'
import { useStore, useZone } from '@/client/store'
import { OrderTable } from '@/features/orders/OrderTable'
import { counted, dayOf, money } from '@/lib/format'
import { Card } from '@/ui/Card'
import { FailedQuery } from '@/ui/Failed'
import { Message } from '@/ui/Message'
import { MoreRows } from '@/ui/MoreRows'
import { RowsSkeleton } from '@/ui/RowsSkeleton'
import { useOrdersOf } from './queries'

/** What they have spent, each currency by itself: sums over several would be nobody's money. */
export function SpentCard({ customer }: { customer: Customer }) {
  const zone = useZone()
  return (
    <Card title="Spent">
      {customer.purchases.length === 0 ? (
        <p className="px-4 pt-1 pb-4 text-muted sm:px-5">Nothing yet.</p>
      ) : (
        <ul className="divide-y divide-line">
          {customer.purchases.map((bought) => (
            <li key={bought.currency} className="num px-4 pt-1 pb-3.5 sm:px-5 not-first:pt-3.5">
              <p className="text-2xl font-semibold tracking-tight">
                {money(bought.total, bought.currency)}
              </p>
              <p className="text-muted">
                {counted(bought.orders, 'order')}
                {bought.orders > 1 &&
                  `, ${money(bought.total / bought.orders, bought.currency)} each`}
                {bought.placed > bought.orders &&
                  ` · ${bought.placed - bought.orders} more pending, cancelled or refunded`}
              </p>
              {bought.first_order_at && bought.last_order_at && (
                <p className="text-[0.8125rem] text-muted">
                  {bought.first_order_at === bought.last_order_at
                    ? `On ${dayOf(bought.first_order_at, zone)}`
                    : `First on ${dayOf(bought.first_order_at, zone)}, last on ${dayOf(bought.last_order_at, zone)}`}
                </p>
              )}
            </li>
          ))}
        </ul>
      )}
      {customer.purchases.length > 0 && (
        <p className="border-t border-line px-4 py-2.5 text-xs text-muted sm:px-5">
          What the sold orders came to, tax and shipping included, before refunds.
        </p>
      )}
    </Card>
  )
}

export function OrdersCard({ customerId }: { customerId: string }) {
  const orders = useOrdersOf(customerId)
  const store = useStore()
  const { rows } = orders
  return (
    <Card title="Orders">
      {orders.error && !rows && <FailedQuery query={orders} className="min-h-60" />}
      {!orders.error && !rows && <RowsSkeleton rows={3} height={57} />}
      {rows?.length === 0 && (
        <Message icon={ShoppingBag} title="No orders yet" className="min-h-40" />
      )}
      {rows && rows.length > 0 && (
        <>
          <OrderTable rows={rows} store={store.data} narrow />
          <MoreRows query={orders} shown={counted(rows.length, 'order')} />
        </>
      )}
    </Card>
  )
}
