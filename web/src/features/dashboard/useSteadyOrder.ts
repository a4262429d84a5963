import { useState } from 'react'

/**
 * Rows in the order they were in when the pointer or the focus entered, so that nothing moves away
 * from under it; the values stay current. `hold` goes on the element around the rows.
 */
export function useSteadyOrder<Row>(rows: Row[], keyOf: (row: Row) => string) {
  const [held, setHeld] = useState<string[] | null>(null)
  const release = () => setHeld(null)
  const grasp = () => setHeld((now) => now ?? rows.map(keyOf))
  return {
    rows: held ? inOrder(rows, keyOf, held) : rows,
    hold: {
      onPointerEnter: grasp,
      onPointerLeave: release,
      onFocus: grasp,
      onBlur: release,
    },
  }
}

/** Known keys first, in the given order; newcomers after them. */
export function inOrder<Row>(rows: Row[], keyOf: (row: Row) => string, order: string[]): Row[] {
  const place = new Map(order.map((key, index) => [key, index]))
  const rank = (row: Row) => place.get(keyOf(row)) ?? order.length
  return rows.toSorted((a, b) => rank(a) - rank(b))
}
