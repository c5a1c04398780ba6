import { useEffect, useMemo, useRef } from "preact/hooks";
import type { Post, ServiceWeek, Slot, Week } from "../api/week";
import { serviceName } from "../i18n";
import { formatNumber } from "../model/format";
import { ANSWER_COLOURS, ANSWERS, gravity, inHole, peopleIn } from "../model/week";
import { useArea } from "./area";
import { InstitutionLink } from "./ByCause";
import { CallsBlock } from "./CallsBlock";
import { ConditionsBox } from "./ConditionsBox";
import { useWorkbench } from "./context";
import { Figure } from "./Number";
import { RotaBox } from "./RotaBox";
import { Standing } from "./Standing";
import { bandName, dayName } from "./slotNames";

/** So many institutions of a slot are told at once. */
const MOST_POSTS = 12;

const SIGNS = { full: "✓", unknown: "？", some: "▲", many: "✗" } as const;

const unique = (names: string[]) => [...new Set(names)];

/** Days by bands with the people in a hole; a slot is chosen with a click or the arrow keys. */
function Grid({ slots, codes }: { slots: Slot[]; codes: readonly string[] | null }) {
  const { state, lang, change, t } = useWorkbench();
  const table = useRef<HTMLTableElement>(null);
  const days = unique(slots.map(({ day }) => day));
  const bands = unique(slots.map(({ band }) => band));
  const at = (day: string | undefined, band: string | undefined) =>
    slots.find((slot) => slot.day === day && slot.band === band);
  const move = (event: KeyboardEvent, day: string, band: string) => {
    const [down, across] =
      { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key] ??
      [];
    if (down === undefined || across === undefined) return;
    event.preventDefault();
    const next = at(days[days.indexOf(day) + down], bands[bands.indexOf(band) + across]);
    if (!next) return;
    change({ slot: { day: next.day, band: next.band } });
    table.current?.querySelector<HTMLElement>(`[data-slot="${next.day}${next.band}"]`)?.focus();
  };
  return (
    <table ref={table} class="week-grid" data-testid="week-grid">
      <caption class="unseen">{t("week.grid")}</caption>
      <thead>
        <tr>
          <td />
          {bands.map((band) => (
            <th key={band} scope="col">
              {bandName(lang, band)}
              <span class="clause">{slots.find((slot) => slot.band === band)?.hours}</span>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {days.map((day) => (
          <tr key={day}>
            <th scope="row">{dayName(lang, day)}</th>
            {bands.map((band) => {
              const slot = at(day, band);
              if (!slot) return <td key={band} />;
              const people = peopleIn(slot, codes);
              const grave = gravity(people);
              const chosen = state.slot.day === day && state.slot.band === band;
              const [hole, unknown] = [inHole(people), people.unknown].map((count) =>
                formatNumber(count, lang),
              ) as [string, string];
              return (
                <td key={band}>
                  <button
                    type="button"
                    class={`slot ${grave}`}
                    tabIndex={chosen ? 0 : -1}
                    aria-pressed={chosen}
                    aria-label={t("week.slotLabel", {
                      day: dayName(lang, day),
                      band: bandName(lang, band),
                      word: t(`gravity.${grave}`),
                      hole,
                      unknown,
                    })}
                    data-slot={`${day}${band}`}
                    onClick={() => change({ slot: { day, band } })}
                    onKeyDown={(event) => move(event, day, band)}
                  >
                    <span aria-hidden="true">{SIGNS[grave]}</span> {hole}
                    {people.unknown > 0 && (
                      <span class="clause">{t("week.plus", { unknown })}</span>
                    )}
                  </button>
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** What the chosen slot is for people, with the colours of the map. */
function Answers({
  slot,
  codes,
  service,
}: {
  slot: Slot;
  codes: readonly string[] | null;
  service: ServiceWeek;
}) {
  const { t } = useWorkbench();
  const people = peopleIn(slot, codes);
  return (
    <table class="scale" data-testid="week-answers">
      <tbody>
        {ANSWERS.map((answer) => (
          <tr key={answer}>
            <th scope="row">
              <span
                class={answer === "unknown" ? "box hatch-unknown" : "box"}
                style={answer === "unknown" ? {} : { background: ANSWER_COLOURS[answer] }}
              />
              {t(`answer.${answer}`)}
            </th>
            <td>
              <Figure
                figure="week_people"
                label={t(`answer.${answer}`)}
                service={service.service}
                value={people[answer]}
                assumptions={service.assumptions}
              />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const reachedIn = ({ people }: Post, codes: readonly string[] | null): number =>
  (codes ?? Object.keys(people)).reduce((sum, code) => sum + (people[code] ?? 0), 0);

interface Present {
  post: Post;
  whole: boolean | null;
}

/** Institutions with why they count and whom they reach. */
function Posts({
  posts,
  codes,
  service,
}: {
  posts: Present[];
  codes: readonly string[] | null;
  service: ServiceWeek;
}) {
  const { t } = useWorkbench();
  return (
    <>
      <ul>
        {posts.slice(0, MOST_POSTS).map(({ post, whole }) => (
          <li key={`${post.id}${post.basis}`}>
            <span>
              <InstitutionLink of={post} />
              <span class="clause">
                {t(`basis.${post.basis}`)}
                {whole === false && `・${t("week.part")}`}
              </span>
            </span>
            <span class="values">
              <Figure
                figure="post_people"
                label={post.name}
                service={service.service}
                value={reachedIn(post, codes)}
                assumptions={service.assumptions}
              />
            </span>
          </li>
        ))}
      </ul>
      {posts.length > MOST_POSTS && (
        <p class="quiet">{t("week.first", { count: MOST_POSTS, all: posts.length })}</p>
      )}
    </>
  );
}

/** Who is there in the chosen slot for the chosen area, and of whom that is not known. */
function Who({
  slot,
  posts,
  codes,
  service,
}: {
  slot: Slot;
  posts: Post[];
  codes: readonly string[] | null;
  service: ServiceWeek;
}) {
  const { t } = useWorkbench();
  const [there, untold] = useMemo(() => {
    const comes = ({ post }: Present) => reachedIn(post, codes) > 0;
    const most = (a: Present, b: Present) => reachedIn(b.post, codes) - reachedIn(a.post, codes);
    const known = slot.there.flatMap(({ post: at, whole }): Present[] => {
      const post = posts[at];
      return post ? [{ post, whole }] : [];
    });
    const unknown = posts
      .filter(({ basis }) => basis === "unknown")
      .map((post) => ({ post, whole: null }));
    return [known, unknown].map((all) => all.filter(comes).sort(most));
  }, [slot, posts, codes]);
  return (
    <>
      <details data-testid="week-there">
        <summary>{t("week.there", { count: there?.length ?? 0 })}</summary>
        <Posts posts={there ?? []} codes={codes} service={service} />
      </details>
      <details data-testid="week-untold">
        <summary>{t("week.untold", { count: untold?.length ?? 0 })}</summary>
        <p class="quiet">{t("week.untoldHelp")}</p>
        <Posts posts={untold ?? []} codes={codes} service={service} />
      </details>
    </>
  );
}

/** Which files tell who is there when. */
function Files({ week }: { week: Week }) {
  const { lang, t } = useWorkbench();
  const told = (count: number | null) =>
    count === null ? t("data.missing") : t("week.entries", { count: formatNumber(count, lang) });
  const { opening_hours, duties, rota_limits } = week.files;
  return (
    <p class="quiet" data-testid="week-files">
      {t("week.files", {
        hours: told(opening_hours),
        duties: told(duties),
        limits: told(rota_limits),
      })}
    </p>
  );
}

function Switch({ week }: { week: Week | null | undefined }) {
  const { state, change, t } = useWorkbench();
  const duties = week?.files.duties_online;
  return (
    <>
      <label>
        <input
          type="checkbox"
          checked={state.online}
          data-testid="week-online"
          onChange={(event) => change({ online: event.currentTarget.checked })}
        />
        {t("week.online")}
      </label>
      {week && (
        <p class="quiet">
          {week.online === null
            ? t("week.onlineUnknown")
            : duties
              ? t("week.onlineDuties", { count: duties })
              : t("week.onlineNone")}
        </p>
      )}
    </>
  );
}

function Answered({ week, service }: { week: Week; service: ServiceWeek }) {
  const { state, lang, select, t } = useWorkbench();
  const { codes, name } = useArea();
  const { known } = service;
  if (!known) return <p class="problem">{t("week.notLoaded")}</p>;
  const { slots, posts } = known;
  const slot = slots.find(({ day, band }) => day === state.slot.day && band === state.slot.band);
  return (
    <>
      <p class="area-line">
        <strong data-testid="week-area">{name}</strong>{" "}
        {codes && (
          <button type="button" class="link" onClick={() => select({ kind: "prefecture" })}>
            {t("figures.back")}
          </button>
        )}
      </p>
      <p class="quiet">{t("week.help", { minutes: week.limit_minutes })}</p>
      <Grid slots={slots} codes={codes} />
      {slot && (
        <>
          <h3 data-testid="week-slot">
            {dayName(lang, slot.day)} {bandName(lang, slot.band)} {slot.hours}
          </h3>
          <Answers slot={slot} codes={codes} service={service} />
          <Who slot={slot} posts={posts} codes={codes} service={service} />
          <CallsBlock week={week} slot={slot} codes={codes} />
        </>
      )}
      <Files week={week} />
      <Standing assumptions={service.assumptions} />
      <RotaBox key={JSON.stringify(state.conditions)} />
    </>
  );
}

/** 週間・24時間: who is there in each band of each day, and whom nobody reaches. */
export function WeekPanel() {
  const { study, lang, change, week, t } = useWorkbench();
  const panel = useRef<HTMLElement>(null);
  const { answer, problem } = week.answer ?? { answer: null, problem: null };
  // The grid would else lie below the plans.
  useEffect(() => {
    if (answer) panel.current?.scrollIntoView({ block: "start" });
  }, [answer === null]);
  const name = (id: string) => {
    const of = study.services.get(id);
    return of ? serviceName(lang, of) : id;
  };
  return (
    <section
      ref={panel}
      class="shortages by-cause"
      aria-labelledby="week-title"
      data-testid="week"
      aria-busy={!answer && !problem}
    >
      <header>
        <h2 id="week-title">{t("theme.week")}</h2>
        <button type="button" class="link" onClick={() => change({ theme: "minutes" })}>
          ‹ {t("short.back")}
        </button>
      </header>
      <label class="choice-line">
        {t("map.service")}
        <select
          value={week.service?.service ?? ""}
          data-testid="week-service"
          onChange={(event) => change({ service: event.currentTarget.value })}
        >
          {answer?.services.map(({ service }) => (
            <option key={service} value={service}>
              {name(service)}
            </option>
          ))}
        </select>
      </label>
      <Switch week={answer} />
      <ConditionsBox />
      <div role="status">
        {problem && <p class="problem">{problem}</p>}
        {week.cells?.problem && <p class="problem">{week.cells.problem}</p>}
        {!answer && !problem && <p class="quiet">{t("short.loading")}</p>}
      </div>
      {answer && week.service && <Answered week={answer} service={week.service} />}
    </section>
  );
}
