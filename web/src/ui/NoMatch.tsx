import { FilterX } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from './Button'
import { Message } from './Message'

type NoMatchProps = {
  /** What the list holds: "orders". */
  of: string
  onClear: () => void
  children: ReactNode
}

/** A list that its filters have emptied: why, and the way out. */
export function NoMatch({ of, onClear, children }: NoMatchProps) {
  return (
    <Message
      icon={FilterX}
      title={`No ${of} match`}
      className="min-h-80"
      actions={
        <Button look="solid" onClick={onClear}>
          Clear the filters
        </Button>
      }
    >
      {children}
    </Message>
  )
}
