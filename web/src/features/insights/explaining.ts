/** How a figure asks to be opened. The address comes from the API, with the figure. */
import { createContext, useContext } from 'react'

export type Explained = {
  /** What the panel is called: "Revenue", "Revenue of Amazon". */
  title: string
  url: string
  /** What it opens with; the rows, unless said otherwise. */
  view?: ExplainView
}

export type ExplainView = 'rows' | 'computed' | 'changes'

export const ExplainPlace = createContext<(what: Explained) => void>(() => undefined)

export const useExplain = () => useContext(ExplainPlace)

/** Rows of a list share one address, in which the metric stands as `{metric}`. */
export function explainUrl(template: string, metric: string): string {
  return template.replaceAll(/\{metric\}|%7Bmetric%7D/gi, metric)
}
