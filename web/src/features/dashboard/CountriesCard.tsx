import { Globe } from 'lucide-react'
import type { CountryRow, Metrics } from '@/client/api'
import { country, counted, money } from '@/lib/format'
import { Card } from '@/ui/Card'
import { Message } from '@/ui/Message'
import { RowsSkeleton } from '@/ui/RowsSkeleton'
import { useSteadyOrder } from './useSteadyOrder'

type CountriesCardProps = {
  metrics: Metrics | null
  selected: string[]
  onToggle: (country: string) => void
}

export function CountriesCard({ metrics, selected, onToggle }: CountriesCardProps) {
  return (
    <Card
      title="Countries"
      note="shipped to"
      className="lg:col-span-6 xl:col-span-3 xl:min-h-[40rem]"
    >
      {!metrics && <RowsSkeleton rows={10} height={54} />}
      {metrics?.countries.length === 0 && (
        <Message icon={Globe} title="No country yet">
          Nothing matches this range and these filters.
        </Message>
      )}
      {metrics && metrics.countries.length > 0 && (
        <Countries
          rows={metrics.countries}
          currency={metrics.currency}
          selected={selected}
          onToggle={onToggle}
        />
      )}
    </Card>
  )
}

type CountriesProps = Omit<CountriesCardProps, 'metrics'> & { rows: CountryRow[]; currency: string }

function Countries({ rows: fresh, currency, selected, onToggle }: CountriesProps) {
  const { rows, hold } = useSteadyOrder(fresh, (row) => row.country ?? '')
  const most = Math.max(...rows.map((row) => row.revenue))
  return (
    <ul className="px-2 pb-2 sm:px-3" {...hold}>
      {rows.map((row) => {
        const chosen = row.country !== null && selected.includes(row.country)
        const body = (
          <>
            <span
              aria-hidden
              className="absolute inset-y-1 left-0 rounded-md bg-accent-soft"
              style={{ width: `${most > 0 ? Math.max(0, row.revenue / most) * 100 : 0}%` }}
            />
            <span className="relative min-w-0 flex-1">
              <span className="block truncate font-medium">{country(row.country)}</span>
              <span className="block text-xs text-muted">{counted(row.orders, 'order')}</span>
            </span>
            <span className="relative font-medium">{money(row.revenue, currency)}</span>
          </>
        )
        const look =
          'num relative flex h-13.5 w-full items-center gap-3 rounded-lg px-2 text-left aria-pressed:ring-1 aria-pressed:ring-accent'
        return (
          <li key={row.country ?? ''}>
            {row.country === null ? (
              <div className={look}>{body}</div>
            ) : (
              <button
                type="button"
                aria-pressed={chosen}
                title={
                  chosen
                    ? `Stop filtering by ${country(row.country)}`
                    : `Show ${country(row.country)} only`
                }
                onClick={() => row.country && onToggle(row.country)}
                className={look}
              >
                {body}
              </button>
            )}
          </li>
        )
      })}
    </ul>
  )
}
