/** What can be chosen in each dimension, with the words for it. */
import type { Filters, Metrics } from '@/client/api'
import { country } from '@/lib/format'
import type { Choice } from '@/ui/ChoiceList'
import type { Dimension } from './filters'

export const DIMENSION_WORDS: Record<Dimension, { one: string; many: string }> = {
  channel: { one: 'Channel', many: 'Channels' },
  category: { one: 'Category', many: 'Categories' },
  country: { one: 'Country', many: 'Countries' },
}

/** The store's values and the chosen ones, also such as the store no longer lists. */
export function choicesOf(
  dimension: Dimension,
  filters: Filters | undefined,
  chosen: string[] = [],
): Choice[] {
  const listed = listOf(dimension, filters)
  const known = new Set(listed.map(({ value }) => value))
  const unlisted = chosen
    .filter((value) => !known.has(value))
    .map((value) => ({ value, label: labelOf(dimension, value, filters) }))
  return [...listed, ...unlisted].sort((a, b) => a.label.localeCompare(b.label))
}

export function labelOf(dimension: Dimension, value: string, filters: Filters | undefined): string {
  if (dimension === 'country') return country(value)
  if (dimension === 'category') return value
  return filters?.channels.find(({ channel }) => channel === value)?.name ?? value
}

function listOf(dimension: Dimension, filters: Filters | undefined): Choice[] {
  if (!filters) return []
  switch (dimension) {
    case 'channel':
      return filters.channels.map(({ channel, name }) => ({ value: channel, label: name }))
    case 'category':
      return filters.categories.map((value) => ({ value, label: value }))
    case 'country':
      return filters.countries.map((value) => ({ value, label: country(value) }))
  }
}

const COLORS = ['var(--c1)', 'var(--c2)', 'var(--c3)', 'var(--c4)', 'var(--c5)']

/** A channel keeps its colour whatever is filtered or sells best; beyond five they share a grey. */
export function channelColors(
  filters: Filters | undefined,
  metrics: Metrics | null,
): (channel: string) => string {
  const order = (filters ?? metrics)?.channels.map(({ channel }) => channel).sort() ?? []
  return (channel) => COLORS[order.indexOf(channel)] ?? 'var(--c6)'
}
