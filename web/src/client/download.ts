/** Files that the server writes: fetched with the session's token, then handed to the browser. */
import { fetchSignedIn } from '@/features/session/session'
import { asProblem, readProblem, Refused } from './problem'

export async function download(path: string, name: string): Promise<void> {
  let response: Response
  try {
    response = await fetchSignedIn(new Request(new URL(path, window.location.origin)))
  } catch (error) {
    throw asProblem(error)
  }
  if (!response.ok) throw new Refused(response.status, await readProblem(response))
  save(await response.blob(), name)
}

export function save(content: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(content)
  link.download = name
  link.click()
  // The download has begun by then; a page that is left sooner lets go of it anyway.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
