import { Link } from '@tanstack/react-router'
import clsx from 'clsx'
import type { Order, OrderLeft, OrderLine } from '@/client/api'
import { count, counted, money } from '@/lib/format'
import { Card } from '@/ui/Card'
import { Cell, Head, ROW, RowHead, Table } from '@/ui/Table'

type LinesCardProps = { order: Order; left: OrderLeft | undefined }

export function LinesCard({ order, left }: LinesCardProps) {
  const { currency } = order
  return (
    <Card title="Lines" note={counted(order.units, 'unit')}>
      <Table label="Lines of the order">
        <thead>
          <tr>
            <Head>Product</Head>
            <Head right className="max-sm:hidden">
              Price
            </Head>
            <Head right>Units</Head>
            <Head right className="max-md:hidden">
              Discount
            </Head>
            <Head right>Total</Head>
          </tr>
        </thead>
        <tbody>
          {order.items.map((line) => (
            <tr key={line.line_no} className={ROW}>
              <RowHead>
                <Link
                  to="/products/$productId"
                  params={{ productId: line.product_id }}
                  className="font-medium hover:underline"
                >
                  {line.name}
                </Link>
                <span className="block text-xs text-muted">
                  {line.sku}
                  <span className="sm:hidden"> · {money(line.unit_price, currency)}</span>
                  <LineState line={line} order={order} left={left} />
                </span>
              </RowHead>
              <Cell right className="whitespace-nowrap max-sm:hidden">
                {money(line.unit_price, currency)}
              </Cell>
              <Cell right>{count(line.quantity)}</Cell>
              <Cell right className="whitespace-nowrap max-md:hidden">
                {line.discount ? money(-line.discount, currency) : <span aria-label="none">–</span>}
              </Cell>
              <Cell right className="font-medium whitespace-nowrap">
                {money(line.total, currency)}
              </Cell>
            </tr>
          ))}
        </tbody>
      </Table>
      <Totals order={order} />
    </Card>
  )
}

/** Where the units of a line are, while not all are at the same place. */
function LineState({ line, order, left }: { line: OrderLine } & LinesCardProps) {
  const of = left?.lines.find(({ line_no }) => line_no === line.line_no)
  if (!of) return null
  const told: string[] = []
  const partly = order.fulfillment_status === 'partial'
  if (partly && of.to_send > 0) told.push(`${count(of.to_send)} to send`)
  const refunded = line.quantity - of.to_refund
  if (refunded > 0 && order.refunds.length > 0) told.push(`${count(refunded)} refunded`)
  return told.map((text) => <span key={text}> · {text}</span>)
}

function Totals({ order }: { order: Order }) {
  const { currency } = order
  const refunded = order.refunds.reduce((sum, refund) => sum + refund.amount, 0)
  // Prices hold the tax or not: only the sum tells, since the order does not say.
  const before = order.subtotal - order.discount + order.shipping
  const included = Math.abs(before - order.total) < 0.005
  return (
    <dl className="num ml-auto grid w-full max-w-sm grid-cols-[1fr_auto] gap-x-6 gap-y-1 border-t border-line px-4 py-4 sm:px-5">
      <Sum name="Goods" value={money(order.subtotal, currency)} />
      {order.discounts.map((discount) => (
        <Sum
          key={`${discount.name}${discount.code}`}
          name={discount.code ? `${discount.name} (${discount.code})` : discount.name}
          value={money(-discount.amount, currency)}
        />
      ))}
      {order.discounts.length === 0 && order.discount > 0 && (
        <Sum name="Discount" value={money(-order.discount, currency)} />
      )}
      <Sum name="Shipping" value={money(order.shipping, currency)} />
      {!included && <Sum name="Tax" value={money(order.tax, currency)} />}
      <Sum strong name="Total" value={money(order.total, currency)} />
      {included && order.tax > 0 && (
        <Sum quiet name="of it tax" value={money(order.tax, currency)} />
      )}
      {refunded > 0 && (
        <>
          <Sum name="Refunded" value={money(-refunded, currency)} />
          <Sum strong name="Stays" value={money(order.total - refunded, currency)} />
        </>
      )}
    </dl>
  )
}

type SumProps = { name: string; value: string; strong?: boolean; quiet?: boolean }

function Sum({ name, value, strong, quiet }: SumProps) {
  const look = clsx(strong && 'pt-1 text-[0.9375rem] font-semibold', quiet && 'text-xs text-muted')
  return (
    <>
      <dt className={clsx(look, !strong && 'text-muted')}>{name}</dt>
      <dd className={clsx(look, 'text-right')}>{value}</dd>
    </>
  )
}
