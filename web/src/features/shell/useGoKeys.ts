import { useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import { isTyping } from '@/lib/shortcuts'
import { PAGES, REPORTS } from './pages'

const SOON_MS = 1_500

/** G, then a page's letter. Hears keys before the page does, whose own shortcuts may use the same letters. */
export function useGoKeys(): void {
  const navigate = useNavigate()
  useEffect(() => {
    let since = -Infinity
    function onKeyDown(event: KeyboardEvent) {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
      if (document.querySelector('dialog[open], [data-radix-popper-content-wrapper]')) return
      const key = event.key.toUpperCase()
      if (key === 'G') {
        since = event.timeStamp
        return
      }
      const meant = event.timeStamp - since < SOON_MS
      since = -Infinity
      if (!meant) return
      const to =
        key === 'A' ? '/account' : [...PAGES, ...REPORTS].find((page) => page.key === key)?.to
      if (!to) return
      event.preventDefault()
      event.stopPropagation()
      void navigate({ to, search: {} })
    }
    document.addEventListener('keydown', onKeyDown, { capture: true })
    return () => document.removeEventListener('keydown', onKeyDown, { capture: true })
  }, [navigate])
}
