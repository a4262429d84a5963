import { Link } from '@tanstack/react-router'
import type { Freshness } from '@/client/api'
import { useFreshness } from '@/features/channels/queries'
import { lag, STATES } from '@/features/channels/words'
import { age, wordOf } from '@/lib/format'
import { Badge, type Tone } from '@/ui/Badge'
import { Card } from '@/ui/Card'

/** How old the newest fact of each source is, and how old it may be. Not there while nothing is connected. */
export function SourcesCard() {
  const rows = useFreshness().data ?? []
  if (rows.length === 0) return null
  const late = rows.filter((row) => row.is_late).length
  return (
    <Card
      title="Sources"
      note={late === 0 ? 'all on time' : `${late} of ${rows.length} behind`}
      actions={
        <Link to="/channels" className="text-[0.8125rem] text-accent hover:underline">
          Channels
        </Link>
      }
    >
      <div className="grid flex-1 grid-cols-1 gap-x-8 px-4 pb-3 sm:px-5 md:grid-cols-2 xl:grid-cols-3">
        {bySource(rows).map(([source, theirs]) => (
          <section key={source} aria-label={source} className="py-2">
            <h3 className="font-medium">{source}</h3>
            <ul className="num">
              {theirs.map((row) => (
                <Source key={row.resource} row={row} />
              ))}
            </ul>
          </section>
        ))}
      </div>
    </Card>
  )
}

function Source({ row }: { row: Freshness }) {
  const { label, tone } = standing(row)
  return (
    <li className="flex items-center gap-3 border-b border-line py-1.5 last:border-b-0">
      <span className="min-w-0 flex-1">
        <span className="block truncate">{wordOf(row.resource)}</span>
        <span className="block text-xs text-muted">{lag(row)}</span>
      </span>
      <span className="flex shrink-0 flex-col items-end gap-1">
        <span title={row.state_reason ?? undefined}>
          <Badge tone={tone}>{label}</Badge>
        </span>
        <span className="text-xs text-muted">
          {row.newest_fact_age_seconds === null
            ? 'nothing yet'
            : `newest ${age(row.newest_fact_age_seconds)} old`}
        </span>
      </span>
    </li>
  )
}

function standing(row: Freshness): { label: string; tone: Tone } {
  if (row.state === 'paused' || row.state === 'needs_attention') return STATES[row.state]
  return row.is_late ? { label: 'Behind', tone: 'warn' } : { label: 'On time', tone: 'good' }
}

/** Sources by name, each with its resources in the order in which they came: the stalest first. */
function bySource(rows: Freshness[]): [string, Freshness[]][] {
  const found = new Map<string, Freshness[]>()
  for (const row of rows) found.set(row.connection, [...(found.get(row.connection) ?? []), row])
  return [...found].sort(([a], [b]) => a.localeCompare(b))
}
