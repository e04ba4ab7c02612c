/** Small things kept in this browser: chosen columns, saved views, the branch. Broken or blocked storage is forgotten storage. */
export interface Remembered<T> {
  read: () => T | undefined;
  write: (value: T | undefined) => void;
}

export function remembered<T>(key: string, storage: () => Storage = () => localStorage): Remembered<T> {
  const name = `plug1:${key}`;
  return {
    read: () => {
      try {
        const text = storage().getItem(name);
        return text === null ? undefined : (JSON.parse(text) as T);
      } catch {
        return undefined;
      }
    },
    write: (value) => {
      try {
        if (value === undefined) storage().removeItem(name);
        else storage().setItem(name, JSON.stringify(value));
      } catch {
        // A full or forbidden storage loses a convenience, never work.
      }
    },
  };
}
