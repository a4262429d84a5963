import { useState } from 'react'
import type { Order, OrderLeft } from '@/client/api'

type Of = 'to_send' | 'to_return' | 'to_refund'

export type LineChoice = {
  line_no: number
  name: string
  sku: string | null
  most: number
  units: number
}

/** Units by line, out of those with which something can still be done. */
export function useLineUnits(order: Order, left: OrderLeft, of: Of, begin: 'all' | 'none') {
  const [chosen, setChosen] = useState<Record<number, number>>({})
  const lines: LineChoice[] = left.lines.flatMap((line) => {
    const item = order.items.find(({ line_no }) => line_no === line.line_no)
    const most = line[of]
    if (!item || most === 0) return []
    const units = Math.min(most, chosen[line.line_no] ?? (begin === 'all' ? most : 0))
    return [{ line_no: line.line_no, name: item.name, sku: item.sku, most, units }]
  })
  return {
    lines,
    set: (line_no: number, units: number) => setChosen({ ...chosen, [line_no]: units }),
    reset: () => setChosen({}),
    /** As the API takes them. */
    asked: lines
      .filter(({ units }) => units > 0)
      .map(({ line_no, units }) => ({ line_no, quantity: units })),
    total: lines.reduce((sum, { units }) => sum + units, 0),
    isAll: lines.every(({ units, most }) => units === most),
  }
}
