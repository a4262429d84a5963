import { createContext, type ReactNode, useContext } from 'react'
import { createPortal } from 'react-dom'

/** The place in the header that belongs to the page. */
export const HeaderPlace = createContext<HTMLElement | null>(null)

export function InHeader({ children }: { children: ReactNode }) {
  const place = useContext(HeaderPlace)
  return place && createPortal(children, place)
}
