import { formatHash } from "./hash";
import type { State } from "./state";

/** The state of the screen, and whoever wants to hear of its changes. */
export class Store {
  private readonly listeners = new Set<() => void>();

  constructor(private state: State) {}

  get(): State {
    return this.state;
  }

  set(change: Partial<State>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}

/** Writes every change into the address of the page, so that the link reproduces the view. */
export function keepInAddress(store: Store, base: State): void {
  store.subscribe(() => {
    const hash = formatHash(store.get(), base);
    history.replaceState(null, "", hash === "" ? location.pathname + location.search : `#${hash}`);
  });
}
