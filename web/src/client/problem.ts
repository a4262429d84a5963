/**
 * What can go wrong between here and the server, as one type.
 *
 *   Error
 *   └── Problem          a sentence for people, and whether asking again may help
 *       ├── Unreachable  no answer at all: the server is down or the line is cut
 *       └── Refused      the server answered with problem+json (RFC 9457)
 *           └── SessionEnded   nobody is signed in any more
 */
import type { components } from './schema'

export type ProblemDocument = Partial<components['schemas']['Problem']>

export class Problem extends Error {
  readonly title: string
  readonly retryable: boolean
  readonly requestId: string | null

  constructor(title: string, detail: string, retryable: boolean, requestId: string | null = null) {
    super(detail)
    this.title = title
    this.retryable = retryable
    this.requestId = requestId
  }
}

export class Unreachable extends Problem {
  constructor() {
    super(
      'The server can’t be reached',
      'Check that Tradewind is running and that you are online.',
      true,
    )
  }
}

export class Refused extends Problem {
  readonly status: number
  readonly code: string
  /** What is wrong with which field of the request, where the server says so. */
  readonly fields: { field: string; message: string }[]

  constructor(status: number, document: ProblemDocument = {}) {
    // The detail often says all there is; what it leaves out is added field by field.
    const fields = (document.errors ?? [])
      .filter(({ message }) => !document.detail?.includes(message))
      .map(({ field, message }) => `${field}: ${message}`)
    const said = [document.detail, ...fields].filter(Boolean).join(' ')
    const fallback =
      status >= 500
        ? 'Something failed on the server. Its log says what.'
        : 'The server did not accept this request.'
    super(
      document.title || `The server answered ${status}`,
      said || fallback,
      status >= 500 || status === 429,
      document.request_id ?? null,
    )
    this.status = status
    this.code = document.code ?? `http_${status}`
    this.fields = document.errors ?? []
  }
}

export class SessionEnded extends Refused {
  constructor(document: ProblemDocument = {}) {
    super(401, document)
  }
}

/** Any thrown thing as a Problem, so that every error face has a title and a next step. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  // The browser gives a TypeError for every failed connection.
  if (error instanceof TypeError) return new Unreachable()
  return new Problem('This page has a fault', String(error), true)
}

/** The body of a failed answer; proxies in between may send HTML, which says nothing to people. */
export async function readProblem(response: Response): Promise<ProblemDocument> {
  try {
    return (await response.clone().json()) as ProblemDocument
  } catch {
    return {}
  }
}

/** Somebody else changed the thing since it was read. */
export function isConflict(error: unknown): boolean {
  return error instanceof Refused && error.code === 'changed_meanwhile'
}

/** What the server says about a field, or null. Names of nested fields end with the field's own. */
export function fieldProblem(error: unknown, field: string): string | null {
  if (!(error instanceof Refused)) return null
  const found = error.fields.find((one) => one.field === field || one.field.endsWith(`.${field}`))
  return found?.message ?? null
}
