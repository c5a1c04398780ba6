import { useCallback, useRef, useState } from "preact/hooks";
import { ApiError } from "../api/client";

/** A question to the server and what came back. */
export interface Answer<Q, A> {
  question: Q;
  /** `null` while the server computes, or when it could not. */
  answer: A | null;
  /** The server's words when it could not. */
  problem: string | null;
}

/** Asks the server; an answer to an older question than the last is thrown away. */
export function useAnswer<Q, A>(load: (question: Q) => Promise<A>) {
  const [answer, setAnswer] = useState<Answer<Q, A> | null>(null);
  const asked = useRef(0);
  const forget = useCallback(() => {
    asked.current += 1;
    setAnswer(null);
  }, []);
  const ask = useCallback(
    async (question: Q) => {
      asked.current += 1;
      const mine = asked.current;
      setAnswer({ question, answer: null, problem: null });
      const found = await load(question).then(
        (answer) => ({ question, answer, problem: null }),
        (cause) => ({
          question,
          answer: null,
          problem: cause instanceof ApiError ? cause.detail : String(cause),
        }),
      );
      if (mine === asked.current) setAnswer(found);
    },
    [load],
  );
  return { answer, ask, forget };
}
