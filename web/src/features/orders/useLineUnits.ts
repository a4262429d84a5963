import type { Order, OrderLeft } from '@/client/api'
import { useUnits } from '@/lib/useUnits'

type Of = 'to_send' | 'to_return' | 'to_refund'

/** Units by line of an order, out of those with which something can still be done. */
export function useLineUnits(order: Order, left: OrderLeft, of: Of, begin: 'all' | 'none') {
  const lines = left.lines.flatMap((line) => {
    const item = order.items.find(({ line_no }) => line_no === line.line_no)
    return item ? [{ line_no: line.line_no, name: item.name, sku: item.sku, most: line[of] }] : []
  })
  return useUnits(lines, begin)
}
