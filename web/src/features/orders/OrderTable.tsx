import { Link } from '@tanstack/react-router'
import clsx from 'clsx'
import type { Filters, OrderRow } from '@/client/api'
import { channelName } from '@/client/store'
import { count, country, money, shortMoment, wordOf } from '@/lib/format'
import { Badge } from '@/ui/Badge'
import { Cell, Head, LINK_ROW, ROW_LINK, RowHead, Table } from '@/ui/Table'
import { paymentWord, statusTone, toneOf } from './words'

type OrderTableProps = {
  rows: OrderRow[]
  store: Filters | undefined
  /** Beside other cards: without where they go, and how much. */
  narrow?: boolean
}

export function OrderTable({ rows, store, narrow = false }: OrderTableProps) {
  const zone = store?.timezone
  return (
    <Table label="Orders, the newest first">
      <thead>
        <tr>
          <Head>Order</Head>
          <Head className="max-md:hidden">Channel</Head>
          {!narrow && <Head className="max-lg:hidden">Ships to</Head>}
          <Head className="max-sm:hidden">Status</Head>
          <Head className="max-md:hidden">Payment</Head>
          {!narrow && (
            <Head right className="max-lg:hidden">
              Units
            </Head>
          )}
          <Head right>Total</Head>
        </tr>
      </thead>
      <tbody>
        {rows.map((order) => (
          <tr key={order.order_id} className={LINK_ROW}>
            <RowHead>
              <Link
                to="/orders/$orderId"
                params={{ orderId: order.order_id }}
                className={clsx(ROW_LINK, 'break-all')}
              >
                {order.order_number}
              </Link>
              <span className="block text-xs text-muted">
                {shortMoment(order.placed_at, zone)}
                <span className="md:hidden"> · {channelName(order.channel, store)}</span>
              </span>
            </RowHead>
            <Cell className="max-md:hidden">{channelName(order.channel, store)}</Cell>
            {!narrow && (
              <Cell className="max-lg:hidden">
                {[order.ship_city, order.ship_country && country(order.ship_country)]
                  .filter(Boolean)
                  .join(', ') || <span className="text-muted">–</span>}
              </Cell>
            )}
            <Cell className="max-sm:hidden">
              <Badge tone={statusTone(order.status)}>{wordOf(order.status)}</Badge>
            </Cell>
            <Cell className="max-md:hidden">
              <Badge tone={toneOf(order.payment_status)}>{paymentWord(order.payment_status)}</Badge>
            </Cell>
            {!narrow && (
              <Cell right className="max-lg:hidden">
                {count(order.units)}
              </Cell>
            )}
            <Cell right className="font-medium whitespace-nowrap">
              {money(order.total, order.currency)}
              <span className="mt-0.5 block sm:hidden">
                <Badge tone={statusTone(order.status)}>{wordOf(order.status)}</Badge>
              </span>
            </Cell>
          </tr>
        ))}
      </tbody>
    </Table>
  )
}
