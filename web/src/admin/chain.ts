/** A further role of an escalation, with how long the one before it has. */
export interface ChainLink {
  role: string;
  minutes: string;
}

/** A chain as a form keeps it, in one text: `owner:30,board:1440`. */
export function chainText(links: readonly { role: string; minutes: number | string }[]): string {
  return links.map((link) => `${link.role}:${link.minutes}`).join(',');
}

export function linksOf(text: string): ChainLink[] {
  if (text === '') return [];
  return text.split(',').map((link) => {
    const [role = '', minutes = ''] = link.split(':');
    return { role, minutes };
  });
}

/** What is sent; minutes that are no number are sent as zero, so that the API says what is wrong with them. */
export function chainBody(text: string): { role: string; minutes: number }[] {
  return linksOf(text).map(({ role, minutes }) => ({ role, minutes: /^\d+$/.test(minutes.trim()) ? Number(minutes) : 0 }));
}
