/**
 * Lets pages find this kernel: answers the comms that they open.
 */
import { kernelLink } from '../../notebook/kernel/link.js';
import { COMM_TARGET } from '../../view/wire.js';
import type { PageSession } from './page.js';

/** Does nothing outside a kernel that has comms. The session is made when the first page comes. */
export function answerPages(session: () => PageSession): void {
  kernelLink()?.onComm?.(COMM_TARGET, (comm) => {
    // what checks the messages takes long to load, and most kernels never need it
    const early: unknown[] = [];
    let closed = false;
    comm.onMessage((data) => void early.push(data));
    comm.onClose(() => (closed = true));
    import('./page.js').then(
      ({ openPage }) => {
        if (closed) return;
        const listen = openPage(comm, session());
        comm.onMessage(listen);
        for (const data of early) listen(data);
      },
      () => comm.close(),
    );
  });
}
