/** What the list of orders shows: the address, and nothing else. Names are those of the API. */
import type { OrderStatus } from '@/client/api'
import type { Day } from '@/lib/dates'
import { type Period, periodOf, type Range, readRange } from '@/lib/period'
import { readKnown, readList, readText } from '@/lib/search'

export const STATUSES = [
  'pending',
  'confirmed',
  'processing',
  'shipped',
  'delivered',
  'cancelled',
  'refunded',
] as const satisfies readonly OrderStatus[]

export type OrdersSearch = {
  status?: OrderStatus[]
  channel?: string[]
  country?: string[]
  /** Days on which the orders were placed; all of them when absent. */
  range?: Range
  q?: string
}

export type OrdersParams = {
  status: OrderStatus[]
  channel: string[]
  country: string[]
  q?: string
} & Partial<Period>

/** Reads an address that anybody may have typed: what makes no sense is left out. */
export function readOrdersSearch(search: Record<string, unknown>): OrdersSearch {
  const status = readKnown(search.status, STATUSES)
  const channel = readList(search.channel)
  const country = readList(search.country)
  const range = readRange(search.range)
  const q = readText(search.q)
  return {
    ...(status.length > 0 && { status }),
    ...(channel.length > 0 && { channel }),
    ...(country.length > 0 && { country }),
    ...(range && { range }),
    ...(q && { q }),
  }
}

export function ordersParams(search: OrdersSearch, today: Day): OrdersParams {
  return {
    status: search.status ?? [],
    channel: search.channel ?? [],
    country: search.country ?? [],
    ...(search.range && periodOf(search.range, today)),
    ...(search.q && { q: search.q.trim() }),
  }
}

/** The queue that somebody works through, each a set of states. */
export const QUEUES: { label: string; status: OrderStatus[] }[] = [
  { label: 'All', status: [] },
  { label: 'Pending', status: ['pending'] },
  { label: 'To send', status: ['confirmed', 'processing'] },
  { label: 'On the way', status: ['shipped'] },
  { label: 'Delivered', status: ['delivered'] },
  { label: 'Cancelled', status: ['cancelled', 'refunded'] },
]

export function isQueue(search: OrdersSearch, status: OrderStatus[]): boolean {
  return (search.status ?? []).join() === readKnown(status, STATUSES).join()
}

export function isFiltered(search: OrdersSearch): boolean {
  return Object.keys(search).length > 0
}

/** Of the file that holds the list: `orders-to-send-2026-10-01..2026-10-31.csv`. */
export function exportName(search: OrdersSearch): string {
  const parts = [
    ...(search.status ?? []),
    ...(search.channel ?? []),
    ...(search.country ?? []),
    search.range,
    search.q,
  ]
  const words = parts.filter(Boolean).map((part) => String(part).replaceAll(/[^\w.-]+/g, '-'))
  return `${['orders', ...words].join('-').slice(0, 120)}.csv`
}

/** The address of the file, with the same filters as the list. */
export function exportPath(params: OrdersParams): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(params)) {
    for (const item of Array.isArray(value) ? value : [value]) query.append(name, item)
  }
  const text = query.toString()
  return `/api/v1/orders/export${text && `?${text}`}`
}
