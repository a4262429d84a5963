import { FileUp } from 'lucide-react'
import { useRef } from 'react'
import { bytes } from '@/lib/format'
import { ActionButton } from './ActionButton'

type FileChoiceProps = {
  /** What the file holds, for those who do not see the page. */
  label: string
  /** Endings and media types, as the attribute of the same name. */
  accept: string
  file: File | null
  may: Parameters<typeof ActionButton>[0]['may']
  isBusy: boolean
  onChoose: (file: File) => void
}

/** A button that asks for a file, and the name of the one that was chosen. The same file may be chosen again. */
export function FileChoice({ label, accept, file, may, isBusy, onChoose }: FileChoiceProps) {
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <input
        ref={input}
        type="file"
        hidden
        aria-label={label}
        accept={accept}
        onChange={(event) => {
          const chosen = event.target.files?.[0]
          event.target.value = ''
          if (chosen) onChoose(chosen)
        }}
      />
      <div className="flex flex-wrap items-center gap-3">
        <ActionButton
          may={may}
          look={file ? 'outline' : 'solid'}
          disabled={may.allowed && isBusy}
          onClick={() => input.current?.click()}
        >
          <FileUp size={16} aria-hidden /> {file ? 'Choose another file' : 'Choose a file'}
        </ActionButton>
        {file && (
          <span className="min-w-0 break-all text-muted">
            {file.name}, {bytes(file.size)}
          </span>
        )}
      </div>
    </>
  )
}
