import type { Order } from '@/client/api'
import { useZone } from '@/client/store'
import { moment, wordOf } from '@/lib/format'
import { Card } from '@/ui/Card'

const ORIGINS: Record<string, string> = {
  manual: 'by hand',
  checkout: 'at the checkout',
  channel: 'by the channel',
  import: 'by an import',
  simulator: 'by the demo',
}

/** The newest first. A step that leaves the status as it was tells of other lines. */
function stepsOf({ history }: Order) {
  return history
    .map((step, index) => {
      const isChange = history[index - 1]?.status === step.status
      return { ...step, word: isChange ? 'Changed' : wordOf(step.status) }
    })
    .toReversed()
}

/** What became of the order, the newest first. */
export function HistoryCard({ order }: { order: Order }) {
  const zone = useZone()
  return (
    <Card title="History">
      <ol className="px-4 pt-1 pb-4 sm:px-5">
        {stepsOf(order).map((step, index) => (
          <li
            key={`${step.at}${index}`}
            className="relative border-l border-line pb-4 pl-5 last:border-transparent last:pb-0"
          >
            <span
              aria-hidden
              className={`absolute top-1 -left-[5px] size-2.5 rounded-full border-2 border-card ${index === 0 ? 'bg-accent' : 'bg-faint'}`}
            />
            <p className="font-medium">{step.word}</p>
            {step.note && <p className="break-words text-muted">{step.note}</p>}
            <p className="text-xs text-muted">
              {moment(step.at, zone)} · {ORIGINS[step.origin] ?? step.origin}
            </p>
          </li>
        ))}
      </ol>
    </Card>
  )
}
