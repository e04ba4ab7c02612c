import { pointOfSale } from '@/api';
import { toastProblem } from '@/kit/toast';

/** Prints the server's own 80 mm form in a frame of its own, so that the page's styles stay out of it. */
export async function printReceipt(id: string): Promise<void> {
  try {
    const html = await pointOfSale.receiptHtml(id);
    const frame = document.createElement('iframe');
    frame.setAttribute('sandbox', 'allow-same-origin allow-modals');
    frame.setAttribute('aria-hidden', 'true');
    frame.style.cssText = 'position:fixed;inset-inline-end:0;inset-block-end:0;width:80mm;height:1px;border:0;visibility:hidden';
    frame.onload = () => {
      frame.contentWindow?.print();
      setTimeout(() => frame.remove(), 60_000);
    };
    frame.srcdoc = html;
    document.body.append(frame);
  } catch (error) {
    toastProblem(error);
  }
}
