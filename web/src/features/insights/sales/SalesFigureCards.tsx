import type { RevenueAnswer } from '@/client/api'
import { useStore } from '@/client/store'
import { localToday } from '@/lib/dates'
import type { FigureShown } from '@/ui/FigureCard'
import { Figures } from '../Figures'
import { written, writtenParts } from '../units'
import { isUnderWay, SALES_FIGURES, type SalesSlug } from './figures'

type SalesFigureCardsProps = { answer: RevenueAnswer | null; comparing: boolean }

/** The figures of the period. Each opens to what it is made of. */
export function SalesFigureCards({ answer, comparing }: SalesFigureCardsProps) {
  const today = useStore().data?.today ?? localToday()
  const last = answer?.rows.at(-1)
  const unfinished = last !== undefined && isUnderWay(last, today)
  return (
    <Figures
      figures={SALES_FIGURES}
      shown={({ slug, unit }) => answer && shown(answer, slug, unit, comparing, unfinished)}
      explain={answer?.explain}
      columns="sm:grid-cols-3 xl:grid-cols-6"
      height="h-42 sm:h-40"
    />
  )
}

function shown(
  answer: RevenueAnswer,
  slug: SalesSlug,
  unit: string,
  comparing: boolean,
  unfinished: boolean,
): FigureShown {
  const value = answer.totals[slug]
  const before = answer.previous?.[slug] ?? null
  const text = written(before, unit, answer.currency)
  return {
    value,
    parts: writtenParts(value, unit, answer.currency),
    compared: comparing ? { before, text, change: answer.change[slug] ?? null } : undefined,
    course: { values: answer.rows.map((row) => row[slug]), unfinished },
  }
}
