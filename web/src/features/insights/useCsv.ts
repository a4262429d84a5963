import { useMutation } from '@tanstack/react-query'
import { download } from '@/client/download'
import { withParams } from '@/client/follow'
import { asProblem } from '@/client/problem'
import { toast } from '@/ui/toast'

type Params = Parameters<typeof withParams>[1]

/** The same list as a file, every row of it. */
export function useCsv() {
  return useMutation({
    networkMode: 'always',
    mutationFn: ({ path, params, name }: { path: string; params: Params; name: string }) =>
      download(withParams(path, { ...params, format: 'csv' }), name),
    onSuccess: () => toast('The rows of this list are in your downloads.'),
    onError: (error) => toast(`Not exported: ${asProblem(error).message}`, 'bad'),
  })
}
