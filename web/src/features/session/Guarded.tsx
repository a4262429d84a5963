import { Lock } from 'lucide-react'
import type { ReactNode } from 'react'
import { PANEL } from '@/ui/Failed'
import { Message } from '@/ui/Message'
import { Page } from '@/ui/Page'
import { type Right, useMay, useMe } from './me'

type GuardedProps = {
  right: Right
  /** Of the page. */
  title: string
  /** Whom it is for: "Only for admins". */
  locked: string
  children: ReactNode
}

/** A page that not everybody may see, for those too who came by an address that is not theirs to see. */
export function Guarded({ right, title, locked, children }: GuardedProps) {
  const { data: me } = useMe()
  const may = useMay(right)
  if (!me || may.allowed) return children
  return (
    <Page title={title}>
      <Message icon={Lock} title={locked} className={PANEL}>
        {may.why}
      </Message>
    </Page>
  )
}
