import { useState } from 'react'

/** A line of which some units can be chosen. */
export type UnitLine = { line_no: number; name: string; sku: string | null; most: number }
export type LineChoice = UnitLine & { units: number }

/** Units by line, out of those with which something can still be done. */
export function useUnits(of: UnitLine[], begin: 'all' | 'none') {
  const [chosen, setChosen] = useState<Record<number, number>>({})
  const lines: LineChoice[] = of
    .filter(({ most }) => most > 0)
    .map((line) => ({
      ...line,
      units: Math.min(line.most, chosen[line.line_no] ?? (begin === 'all' ? line.most : 0)),
    }))
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
