/** Addresses that the API itself has told, and files: fetched with the session's token. */
import { fetchSignedIn } from '@/features/session/session'
import { asProblem, readProblem, Refused, SessionEnded } from './problem'

/** The good answer of an address of this site; anything else is thrown as a Problem. */
export async function follow(path: string, signal?: AbortSignal): Promise<Response> {
  let response: Response
  try {
    const url = new URL(path, window.location.origin)
    response = await fetchSignedIn(new Request(url, { signal }))
  } catch (error) {
    throw asProblem(error)
  }
  if (response.ok) return response
  const document = await readProblem(response)
  throw response.status === 401
    ? new SessionEnded(document)
    : new Refused(response.status, document)
}

/** The address with these parameters set, in place of any of the same name; undefined takes one away. */
export function withParams(
  path: string,
  params: Record<string, string | number | string[] | undefined>,
): string {
  const [place = '', query = ''] = path.split('?')
  const next = new URLSearchParams(query)
  for (const [name, value] of Object.entries(params)) {
    next.delete(name)
    for (const item of Array.isArray(value) ? value : [value]) {
      if (item !== undefined) next.append(name, String(item))
    }
  }
  const text = next.toString()
  return text ? `${place}?${text}` : place
}
