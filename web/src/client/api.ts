/** The typed client. Paths and rows come from schema.d.ts, which comes from the API itself. */
import createClient from 'openapi-fetch'
import { fetchSignedIn } from '@/features/session/session'
import { asProblem, type ProblemDocument, Refused, SessionEnded } from './problem'
import type { paths } from './schema'

type JsonOf<Path extends keyof paths> = paths[Path] extends {
  get: { responses: { 200: { content: { 'application/json': infer Body } } } }
}
  ? Body
  : never

export type Metrics = JsonOf<'/api/v1/dashboard/metrics'>
export type Filters = JsonOf<'/api/v1/dashboard/filters'>
export type TrendBucket = Metrics['trend'][number]
export type ChannelRow = Metrics['channels'][number]
export type ProductRow = Metrics['top_products'][number]
export type CountryRow = Metrics['countries'][number]
export type LowStockRow = Metrics['low_stock'][number]

export const api = createClient<paths>({
  baseUrl: window.location.origin,
  fetch: fetchSignedIn,
})

/** The body of a good answer; anything else is thrown as a Problem. */
export async function bodyOf<T>(
  call: Promise<{ data?: T; error?: unknown; response: Response }>,
): Promise<T> {
  let result: Awaited<typeof call>
  try {
    result = await call
  } catch (error) {
    throw asProblem(error)
  }
  if (result.data !== undefined) return result.data
  const document =
    typeof result.error === 'object' ? (result.error as ProblemDocument | null) : null
  throw result.response.status === 401
    ? new SessionEnded(document ?? {})
    : new Refused(result.response.status, document ?? {})
}
