/** Text with hits, as the search marks it: HTML with <mark> around each hit and all else escaped. */
export type Piece = { text: string; isHit: boolean }

const ENTITIES: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#39': "'",
  '#x27': "'",
}

/** The same as plain pieces, so that no HTML of the server's is ever put into the page. */
export function readMarked(html: string): Piece[] {
  return html
    .split(/<mark>(.*?)<\/mark>/s)
    .map((text, index) => ({ text: unescaped(text), isHit: index % 2 === 1 }))
    .filter(({ text }) => text !== '')
}

function unescaped(text: string): string {
  return text.replaceAll(
    /&(amp|lt|gt|quot|#39|#x27);/g,
    (all, name: string) => ENTITIES[name] ?? all,
  )
}
