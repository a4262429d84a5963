/** Files that the server writes: fetched with the session's token, then handed to the browser. */
import { follow } from './follow'

export async function download(path: string, name: string): Promise<void> {
  save(await (await follow(path)).blob(), name)
}

export function save(content: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(content)
  link.download = name
  link.click()
  // The download has begun by then; a page that is left sooner lets go of it anyway.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
