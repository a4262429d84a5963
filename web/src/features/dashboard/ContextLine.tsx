import { TriangleAlert } from 'lucide-react'
import { Popover } from 'radix-ui'
import type { Metrics } from '@/client/api'
import { addDays } from '@/lib/dates'
import { counted, dayRange, listed, money } from '@/lib/format'

type ContextLineProps = { metrics: Metrics | null; comparing: boolean; loading: boolean }

/**
 * Which days the figures cover, in which zone, against which other days, and what they leave out.
 * Its height is the same before and after loading, so that nothing below it moves.
 */
export function ContextLine({ metrics, comparing, loading }: ContextLineProps) {
  return (
    <div className="num flex h-10 items-start gap-x-3 text-[0.8125rem] text-muted sm:h-6 sm:items-center">
      {metrics ? (
        <>
          <p className="flex min-w-0 flex-col gap-x-1.5 leading-5 sm:flex-row">
            <span className="truncate">
              <span className="font-medium text-ink">
                {dayRange(metrics.from, addDays(metrics.to, -1))}
              </span>{' '}
              · {metrics.timezone}
            </span>
            {comparing && (
              <span className="truncate">
                <span className="max-sm:hidden">· </span>
                {comparison(metrics)}
              </span>
            )}
          </p>
          {metrics.unconverted.length > 0 && <Unconverted metrics={metrics} />}
        </>
      ) : (
        loading && <span className="waiting skeleton mt-1 h-4 w-72 max-w-full sm:mt-0" />
      )}
    </div>
  )
}

function comparison({ previous, from }: Metrics): string {
  const last = addDays(previous.to, -1)
  const sameYear = previous.from.slice(0, 4) === from.slice(0, 4)
  const days = dayRange(previous.from, last, !sameYear)
  return previous.partial ? `vs ${days}, up to the same hour` : `vs ${days}`
}

/** Sales in a currency without a rate cannot be in the totals; they are said instead of dropped. */
function Unconverted({ metrics }: { metrics: Metrics }) {
  const currencies = metrics.unconverted.map(({ currency }) => currency)
  return (
    <Popover.Root>
      <Popover.Trigger
        aria-label={`Without sales in ${listed(currencies)}`}
        className="ml-auto inline-flex h-6 shrink-0 items-center gap-1.5 rounded-md bg-warn-soft px-2 font-medium text-warn hover:brightness-97 pointer-coarse:h-9"
      >
        <TriangleAlert size={14} aria-hidden />
        <span className="max-sm:hidden">Without sales in</span> {listed(currencies)}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="end"
          sideOffset={6}
          collisionPadding={12}
          aria-label="Sales that are not in these figures"
          className="z-30 w-80 max-w-[calc(100vw-1.5rem)] rounded-xl border border-line bg-card p-4 shadow-raised"
        >
          <p className="font-semibold">Not in these figures</p>
          <ul className="num my-2 space-y-1">
            {metrics.unconverted.map(({ currency, revenue, orders }) => (
              <li key={currency} className="flex justify-between gap-4">
                <span className="font-medium">{money(revenue, currency)}</span>
                <span className="text-muted">{counted(orders, 'order')}</span>
              </li>
            ))}
          </ul>
          <p className="text-[0.8125rem] text-muted">
            There is no stored exchange rate from {listed(currencies)} to {metrics.currency}. Once
            there is one, these sales are counted.
          </p>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}
