import type { ForecastAnswer } from '@/client/api'
import { countCompact, percent } from '@/lib/format'
import { Card } from '@/ui/Card'
import { FanChart } from '@/ui/FanChart'
import { useIsPhone } from '@/ui/useIsPhone'
import { CsvButton } from '../CsvButton'
import { fileName, type ForecastSearch } from '../filters'
import { useCsv } from '../useCsv'
import { fanOf, missedOf, units } from './fan'

type FanCardProps = { answer: ForecastAnswer | null; search: ForecastSearch }

/** The days that were and the days to come. */
export function FanCard({ answer, search }: FanCardProps) {
  const height = useIsPhone() ? 260 : 340
  const csv = useCsv()
  const missed = answer && missedOf(answer)
  return (
    <Card
      title="Units per day"
      actions={<CsvButton csv={csv} of="the forecast" file={answer && fileOf(answer, search)} />}
    >
      <p className="flex min-h-6 flex-wrap items-center gap-x-4 px-4 text-xs text-muted sm:px-5">
        {answer && answer.history.length > 0 && (
          <span className="inline-flex items-center gap-1.5">
            <span aria-hidden className="h-0.5 w-4 rounded bg-muted" /> Sold
          </span>
        )}
        {answer && answer.expected.length > 0 && (
          <span className="inline-flex items-center gap-1.5">
            <span aria-hidden className="w-4 border-t-2 border-dashed border-accent opacity-70" />
            Expected a week before
            {missed !== null && ` (missed ${percent(missed)} of what was sold)`}
          </span>
        )}
        <span className="inline-flex items-center gap-1.5">
          <span aria-hidden className="h-0.5 w-4 rounded bg-accent" /> Expected
        </span>
        <span className="inline-flex items-center gap-1.5">
          <span aria-hidden className="h-2.5 w-4 rounded-sm bg-accent opacity-30" /> 80 %
        </span>
        <span className="inline-flex items-center gap-1.5">
          <span aria-hidden className="h-2.5 w-4 rounded-sm bg-accent opacity-12" /> 95 %
        </span>
      </p>
      <div className="px-2 pb-2 sm:px-3">
        {answer ? (
          <FanChart
            name={`Units per day of ${answer.name || 'all products'}`}
            days={fanOf(answer)}
            format={units}
            formatAxis={countCompact}
            height={height}
          />
        ) : (
          <div className="waiting px-2 pb-2">
            <div className="skeleton w-full rounded-lg" style={{ height: height - 8 }} />
          </div>
        )}
      </div>
    </Card>
  )
}

function fileOf(answer: ForecastAnswer, { category, channel }: ForecastSearch) {
  const days = { horizon_days: answer.horizon_days }
  const name = fileName('forecast', answer.sku ?? answer.name, answer.origin)
  if (answer.product_id) {
    const path = `/api/v1/forecast/products/${encodeURIComponent(answer.product_id)}`
    return { path, params: { ...days, channel }, name }
  }
  return category === undefined
    ? { path: '/api/v1/forecast/total', params: { ...days, channel }, name }
    : { path: '/api/v1/forecast/categories', params: { ...days, category }, name }
}
