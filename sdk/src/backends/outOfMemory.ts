/** Whether TensorFlow, or the GPU under it, had too little memory. */

/**
 * What TensorFlow and CUDA say; through tfjs-node it arrives as "Invalid TF_Status: 8" (RESOURCE_EXHAUSTED) with TensorFlow's message
 * on the next line.
 */
const SAYS =
  /OOM when allocating tensor|CUDA_ERROR_OUT_OF_MEMORY|\bRESOURCE_EXHAUSTED\b|\bResourceExhausted(Error)?\b|Invalid TF_Status: 8\b|failed to allocate [^\n]* from device/i;
/** The line that tells what there was no room for. */
const DETAIL = /^.*(OOM when allocating tensor|CUDA_ERROR_OUT_OF_MEMORY|failed to allocate).*$/im;

/** One line about it, from an error's name and message; null when it was something else. */
export function outOfMemory(error: { readonly name: string; readonly message: string }): string | null {
  const text = `${error.name}: ${error.message}`;
  if (!SAYS.test(text)) return null;
  const detail = DETAIL.exec(error.message)?.[0] ?? error.message.split('\n')[0]!;
  return detail.replace(/^\s*Message:\s*/, '').trim();
}
