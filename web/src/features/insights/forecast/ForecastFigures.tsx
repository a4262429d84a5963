import type { ForecastAnswer } from '@/client/api'
import { count, DASH, percent } from '@/lib/format'
import type { FigureShown } from '@/ui/FigureCard'
import { type FigureOf, FigureRow } from '@/ui/FigureRow'
import { totalOf, units } from './fan'

/** What is expected in all, how sure that is, and what such a forecast is worth. */
export function ForecastFigures({ answer }: { answer: ForecastAnswer | null }) {
  return <FigureRow figures={FIGURES} answer={answer} />
}

const FIGURES: FigureOf<ForecastAnswer>[] = [
  {
    label: 'Expected units',
    about: 'The sum of the days ahead.',
    of: ({ total_predicted_units: value }) => shown(value, count(Math.round(value))),
  },
  {
    label: 'Four times of five between',
    about: 'The range of the whole total, measured on totals: the ranges of days do not add up.',
    of: (answer) => {
      const total = totalOf(answer)
      if (!total || total.lower_80 == null || total.upper_80 == null) return shown(null, DASH)
      return shown(total.lower_80, `${units(total.lower_80)} – ${units(total.upper_80)}`)
    },
  },
  {
    label: 'Missed in the back-test',
    about:
      'Up to 90 days ahead: Σ of the absolute errors of days ÷ Σ of the units (WAPE). Of a category or all products the errors of their daily sum; of one product those of all products that sell as it does, which are larger.',
    of: ({ backtest }) => shown(backtest?.wape ?? null, percent(backtest?.wape ?? null)),
  },
  {
    label: 'Better than repeating last week',
    about: 'How much less it missed than the same weekday repeated.',
    of: ({ backtest }) => {
      const added = backtest?.value_added ?? null
      return shown(added, added !== null && added < 0 ? `−${percent(added)}` : percent(added))
    },
  },
]

function shown(value: number | null, text: string): FigureShown {
  return { value, parts: [text, ''] }
}
