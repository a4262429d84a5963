import type { ChannelRun, Connection, Freshness } from '@/client/api'
import { age, counted } from '@/lib/format'
import type { Tone } from '@/ui/Badge'

export const STATES: Record<Connection['state'], { label: string; tone: Tone }> = {
  active: { label: 'Active', tone: 'good' },
  needs_attention: { label: 'Needs attention', tone: 'bad' },
  paused: { label: 'Paused', tone: 'warn' },
}

export const RUN_TONES: Record<ChannelRun['status'], Tone> = {
  running: 'accent',
  finished: 'good',
  failed: 'bad',
  stopped: 'warn',
}

/** How far a resource lies behind, and how far it may. */
export function lag(row: Freshness): string {
  const allowed = `at most ${age(row.target_age_seconds)}`
  return row.age_seconds === null
    ? `not read yet, ${allowed}`
    : `${age(row.age_seconds)} behind, ${allowed}`
}

/** What a run did: "12 orders created, 3 fees changed". How it went about it is left out. */
export function done(counts: ChannelRun['counts']): string {
  const told = Object.entries(counts)
    .map(([name, number]) => ({ words: name.split('.'), number }))
    .filter(({ words, number }) => number > 0 && !SILENT.has(words.at(-1) ?? ''))
    .map(({ words: [what = '', ...rest], number }) =>
      [counted(number, what.replace(/s$/, ''), what), ...rest].join(' '),
    )
  if (told.length > 0) return told.join(', ')
  const read = counts['payloads.read'] ?? 0
  return read > 0 ? `Nothing new in ${counted(read, 'payload')}` : 'Nothing new'
}

const SILENT = new Set(['pages', 'read', 'booked', 'unchanged'])

/** "walmart:fees" as people read it. */
export function nameOf(what: string): string {
  return what.split(':').join(' · ')
}
