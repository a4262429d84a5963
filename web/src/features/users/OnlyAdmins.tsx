import { Lock } from 'lucide-react'
import { PANEL } from '@/ui/Failed'
import { Message } from '@/ui/Message'

/** Who came here by an address that is not theirs to see. */
export function OnlyAdmins({ why }: { why: string | null }) {
  return (
    <Message icon={Lock} title="Only for admins" className={PANEL}>
      {why}
    </Message>
  )
}
