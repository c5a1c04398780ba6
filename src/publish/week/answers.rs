//! The week and its fair rota as answers to questions over HTTP.

use crate::access::cover::Residents;
use crate::access::week::cover::{Answer, Answered, SlotCover};
use crate::access::week::presence::{Basis, fills, stays};
use crate::access::week::rota::{Aim, Reason, Rota, RotaGroup, Unfilled};
use crate::access::week::table::{ServiceRules, Slot, WeekTable};
use crate::assess::week::{KnownWeek, PostReach, ServiceWeek, Week};
use crate::ingest::own_lists::{NightCalls, NightRule};
use crate::ingest::study::Study;
use crate::ingest::week::Day;
use crate::publish::attributions::attributions;
use crate::publish::shortage::answers::{InstitutionFigures, PeopleFigures, cell_id, institution};
use crate::publish::summary::Assumption;
use crate::publish::words;
use crate::store::layer::{Column, ColumnKind, GeometryKind, Layer, Row, Value};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// People by what a slot is for them; those of whom there are none are left out.
pub type PeopleByAnswer = BTreeMap<&'static str, PeopleFigures>;

/// The week of a study.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WeekFigures {
    /// Somebody has to come within so many minutes by car, and from inside the circle of a service.
    pub limit_minutes: u32,
    /// Whether video beside a visiting nurse counts; `null` = it was asked for, but no file tells where
    /// nurses are.
    pub online: Option<bool>,
    /// Which files tell who is there when.
    pub files: WeekFiles,
    /// Everybody in the study.
    pub everybody: PeopleFigures,
    /// Every service of the table, in its order.
    pub services: Vec<ServiceWeekFigures>,
    /// Every line of the list of who takes calls at night and on holidays; `null` = not loaded. Of an area
    /// without a line nobody knows whether there is a rule.
    pub night_calls: Option<Vec<CallFigures>>,
}

/// Who takes the calls of an area at some time.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CallFigures {
    /// The area, as written.
    pub area: String,
    /// Codes of its municipalities.
    pub municipalities: Vec<String>,
    /// Whether a rule says so: `exists`, `unclear` or `unknown`.
    pub rule: &'static str,
    /// When, in words.
    pub time: String,
    /// The slots of which that is some part, whatever the service.
    pub slots: Vec<CallSlotFigures>,
    /// Who takes the call, as written; empty = nobody is named.
    pub taken_by: String,
    /// That institution, where it is one of the study.
    pub institution: Option<InstitutionFigures>,
}

/// A slot in which somebody takes calls.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CallSlotFigures {
    /// Which.
    #[serde(flatten)]
    pub slot: SlotName,
    /// Whether from its first to its last minute.
    pub whole: bool,
}

/// Which files tell who is there when; `null` = not loaded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WeekFiles {
    /// Institutions whose opening hours are known.
    pub opening_hours: Option<usize>,
    /// Duties of the 輪番 sheet.
    pub duties: Option<usize>,
    /// Those of them that are done by video.
    pub duties_online: Option<usize>,
    /// Institutions with limits for a rota.
    pub rota_limits: Option<usize>,
}

/// The week of a service.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ServiceWeekFigures {
    /// Its id.
    pub service: String,
    /// What the figures rest on beside the assumptions of `summary.json`.
    pub assumptions: Vec<Assumption>,
    /// Its slots; `null` = no file that was loaded can speak of the service.
    pub known: Option<KnownWeekFigures>,
}

/// The week of a service of which files can speak.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct KnownWeekFigures {
    /// Institutions that reach somebody, each with why it counts as being there.
    pub posts: Vec<PostFigures>,
    /// Every slot, by day and then in the order of the table.
    pub slots: Vec<SlotFigures>,
}

/// An institution that is there at some time, or of which no file tells when.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PostFigures {
    /// Which.
    #[serde(flatten)]
    pub institution: InstitutionFigures,
    /// `filing`, `opening`, `duty`, `online` or `unknown`.
    pub basis: &'static str,
    /// People of the homes that it reaches, by code of the municipality.
    pub people: BTreeMap<String, u32>,
}

/// A band on a day.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SlotFigures {
    /// Which.
    #[serde(flatten)]
    pub slot: SlotName,
    /// Everybody, by what the slot is for them: `reached`, `unknown`, `partly`, `away` or `nobody`; the last
    /// three are in a hole.
    pub people: PeopleByAnswer,
    /// The same by code of the municipality.
    pub municipalities: BTreeMap<String, PeopleByAnswer>,
    /// Who is there.
    pub there: Vec<ThereFigures>,
}

/// Which band of which day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SlotName {
    /// The day on which it begins: 月 to 日, or 祝.
    pub day: Day,
    /// Name of the band.
    pub band: String,
    /// Its hours, such as `22:00–翌6:00`.
    pub hours: String,
}

impl From<&Slot> for SlotName {
    fn from(slot: &Slot) -> Self {
        Self { day: slot.day, band: slot.band.clone(), hours: slot.hours.to_string() }
    }
}

/// Somebody who is there in a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ThereFigures {
    /// Its place in [`KnownWeekFigures::posts`].
    pub post: usize,
    /// Whether it is there from the first to the last minute.
    pub whole: bool,
}

/// The proposed rota.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RotaFigures {
    /// Id of the service whose providers take the duties.
    pub service: String,
    /// Everybody is to be reached within so many minutes by car, and from inside the circle of the service.
    pub limit_minutes: u32,
    /// What the figures rest on beside the assumptions of `summary.json`.
    pub assumptions: Vec<Assumption>,
    /// Who takes duties.
    pub institutions: Vec<RotaInstitutionFigures>,
    /// The duties of a week.
    pub shifts: Vec<ShiftFigures>,
    /// Institutions that share homes; groups are solved apart.
    pub groups: Vec<GroupFigures>,
    /// Shifts that cannot be filled for some homes.
    pub unfilled: Vec<UnfilledFigures>,
    /// Those whom no institution reaches at any time.
    pub unreachable: PeopleFigures,
}

/// An institution that takes duties.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RotaInstitutionFigures {
    /// Which.
    #[serde(flatten)]
    pub institution: InstitutionFigures,
    /// Its group, as a place in [`RotaFigures::groups`].
    pub group: usize,
    /// Its duties in a week.
    pub duties: usize,
    /// As many as it can take; `null` = no limit is known.
    pub most: Option<u32>,
}

/// A duty of the week.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ShiftFigures {
    /// Which.
    #[serde(flatten)]
    pub slot: SlotName,
    /// Who takes it, as places in [`RotaFigures::institutions`].
    pub on_duty: Vec<usize>,
}

/// What a group comes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GroupFigures {
    /// So many institutions.
    pub institutions: usize,
    /// Whether no rota is better in any aim before the sum of squares.
    pub proven: bool,
    /// Person-shifts left alone because of weekly limits.
    pub alone: AimFigures,
    /// All duties.
    pub duties: AimFigures,
    /// Most duties of an institution.
    pub highest: AimFigures,
    /// Most less fewest.
    pub spread: AimFigures,
    /// The sum of squares.
    pub squares: AimFigures,
}

/// An aim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct AimFigures {
    /// What the rota comes to.
    pub value: u64,
    /// No rota that is as good in the aims before has less; `null` = no bound is known.
    pub bound: Option<u64>,
}

impl From<Aim> for AimFigures {
    fn from(aim: Aim) -> Self {
        Self { value: aim.value, bound: aim.bound }
    }
}

/// Homes that a shift leaves alone.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct UnfilledFigures {
    /// Place in [`RotaFigures::shifts`].
    pub shift: usize,
    /// Those who live there.
    pub people: PeopleFigures,
    /// Codes of their municipalities.
    pub municipalities: BTreeSet<String>,
    /// Those that reach them.
    pub institutions: Vec<InstitutionFigures>,
    /// `nobody_able` or `weekly_limits`.
    pub reason: &'static str,
}

const fn answer_word(answer: Answer) -> &'static str {
    match answer {
        Answer::Reached => "reached",
        Answer::Unknown => "unknown",
        Answer::Partly => "partly",
        Answer::Away => "away",
        Answer::Nobody => "nobody",
    }
}

const fn basis_word(basis: Basis) -> &'static str {
    match basis {
        Basis::Filing => "filing",
        Basis::Opening => "opening",
        Basis::Duty => "duty",
        Basis::Online => "online",
        Basis::Unknown => "unknown",
    }
}

/// The week of every service.
#[must_use]
pub fn week(study: &Study, residents: &Residents, table: &WeekTable, week: &Week) -> WeekFigures {
    let files = &study.week;
    let online = |duties: &Vec<_>| {
        duties.iter().filter(|duty: &&crate::ingest::week::Duty| duty.online == Some(true)).count()
    };
    WeekFigures {
        limit_minutes: week.limit_minutes,
        online: week.online,
        files: WeekFiles {
            opening_hours: files.opening_hours.as_ref().map(BTreeMap::len),
            duties: files.rota.as_ref().map(Vec::len),
            duties_online: files.rota.as_ref().map(online),
            rota_limits: files.rota_limits.as_ref().map(BTreeMap::len),
        },
        everybody: residents.of(0..residents.cells()).into(),
        services: week.services.iter().map(|service| of_service(study, table, service)).collect(),
        night_calls: study.own_lists.night_calls.as_ref().map(|list| night_calls(study, table, list)),
    }
}

fn night_calls(study: &Study, table: &WeekTable, list: &[NightCalls]) -> Vec<CallFigures> {
    // The table was read with its slots.
    let slots = table.slots().unwrap_or_default();
    let of = |line: &NightCalls| {
        let open = line.time.open();
        let of_slot = |slot: &Slot| {
            let stays = stays(&open, slot.day, slot.hours);
            let whole = fills(&stays, slot.hours);
            (!stays.is_empty()).then(|| CallSlotFigures { slot: slot.into(), whole })
        };
        CallFigures {
            area: line.area.name.clone(),
            municipalities: line.area.municipalities.iter().map(|at| code(study, *at)).collect(),
            rule: match line.rule {
                NightRule::Exists => "exists",
                NightRule::Unclear => "unclear",
                NightRule::Unknown => "unknown",
            },
            time: line.time.words(),
            slots: slots.iter().filter_map(of_slot).collect(),
            taken_by: line.taken_by.clone(),
            institution: line.institution.map(|at| institution(study, at)),
        }
    };
    list.iter().map(of).collect()
}

fn of_service(study: &Study, table: &WeekTable, service: &ServiceWeek) -> ServiceWeekFigures {
    let rules = table.services.iter().find(|rules| rules.service == service.service);
    ServiceWeekFigures {
        service: service.service.clone(),
        assumptions: rules.map_or_else(Vec::new, |rules| assumptions(table, rules)),
        known: service.known.as_ref().map(|known| KnownWeekFigures {
            posts: known.posts.iter().map(|post| of_post(study, post)).collect(),
            slots: (0..known.slots.len()).map(|at| of_slot(study, known, at)).collect(),
        }),
    }
}

fn of_post(study: &Study, post: &PostReach) -> PostFigures {
    let people = post.people.iter().map(|(at, people)| (code(study, *at), *people));
    PostFigures {
        institution: institution(study, post.institution),
        basis: basis_word(post.basis),
        people: people.collect(),
    }
}

fn code(study: &Study, municipality: usize) -> String {
    study.municipalities[municipality].code.to_string()
}

fn of_slot(study: &Study, known: &KnownWeek, at: usize) -> SlotFigures {
    let cover = &known.slots[at];
    let municipalities = known.municipalities[at].iter().enumerate();
    SlotFigures {
        slot: (&cover.slot).into(),
        people: by_answer(&known.of_all(at)),
        municipalities: municipalities.map(|(at, of)| (code(study, at), by_answer(of))).collect(),
        there: cover.there.iter().map(|one| ThereFigures { post: one.post, whole: one.whole }).collect(),
    }
}

fn by_answer(answered: &Answered) -> PeopleByAnswer {
    let people = Answer::ALL.map(|answer| (answer_word(answer), answered.of(answer)));
    people.into_iter().filter(|(_, of)| of.people.total > 0).map(|(word, of)| (word, of.into())).collect()
}

fn row(subject: &str, text: String, source: &str, tag: &str) -> Assumption {
    Assumption { subject: subject.to_owned(), text, source: source.to_owned(), tag: tag.to_owned() }
}

fn limit(table: &WeekTable) -> Assumption {
    let text = format!("車で{}分以内に来られる所があれば届く", table.limit_minutes);
    row("週間の体制の時間", text, &table.limit_source, &table.limit_tag)
}

/// Everything that the table assumes about the week of a service.
fn assumptions(table: &WeekTable, rules: &ServiceRules) -> Vec<Assumption> {
    let always = match rules.always.as_slice() {
        [] => "24時間の体制が分かる種類なし".to_owned(),
        classes => format!("いつもいるのは{}", classes.join("・")),
    };
    let open =
        if rules.open { "診療時間の間はいる" } else { "診療時間からは判定しない" };
    let mut rows = vec![
        limit(table),
        row("24時間の体制", always, &rules.always_source, &rules.always_tag),
        row("診療時間", open.to_owned(), &rules.open_source, &rules.open_tag),
    ];
    if rules.service == table.online.service {
        let text = "輪番表でオンラインと書かれた当番は、看護師が行ける所に届く（切り替えた時だけ数える）";
        rows.push(row("オンライン診療", text.to_owned(), &table.online.source, &table.online.tag));
    }
    rows.extend(table.bands.iter().map(|band| {
        let text = format!("{} {} {}–{}", band.name, band.days, band.from, band.until);
        row("時間帯", text, &band.source, &band.tag)
    }));
    rows
}

/// Every cell with people and what a slot is for them.
#[must_use]
pub fn cells(study: &Study, residents: &Residents, service: &str, cover: &SlotCover) -> Layer {
    let text = |text: String| Value::Text(text);
    let row = |(at, answer): (usize, &Answer)| {
        let (cell, people) = (&study.cells[at], residents.people[at]);
        let [code, name, mesh] = words::cell(study, cell).map(text);
        let ages = [people.total, people.age_75_plus].map(|people| Value::Integer(people.into()));
        let [total, older] = ages;
        let answer = text(answer_word(*answer).to_owned());
        Row {
            geometry: Some(cell.outline.clone().into()),
            values: vec![text(cell_id(study, cell)), mesh, code, name, total, older, answer],
        }
    };
    let columns = [
        ("cell", ColumnKind::Text),
        ("mesh", ColumnKind::Text),
        ("municipality_code", ColumnKind::Text),
        ("municipality", ColumnKind::Text),
        ("total", ColumnKind::Integer),
        ("age_75_plus", ColumnKind::Integer),
        ("answer", ColumnKind::Text),
    ];
    let inhabited = |(at, _): &(usize, &Answer)| residents.people[*at].total > 0;
    Layer {
        name: "week_cells".to_owned(),
        title: format!("{service} {}に来る所（出典: {}）", cover.slot.name(), attributions(study).join("；")),
        geometry: Some(GeometryKind::MultiPolygon),
        columns: columns.map(|(name, kind)| Column::new(name, kind)).into(),
        rows: cover.cells.iter().enumerate().filter(inhabited).map(row).collect(),
    }
}

/// The proposed rota of the table.
#[must_use]
pub fn rota(study: &Study, residents: &Residents, table: &WeekTable, rota: &Rota) -> RotaFigures {
    let members: BTreeMap<usize, usize> = rota
        .groups
        .iter()
        .enumerate()
        .flat_map(|(at, group)| group.institutions.iter().map(move |member| (*member, at)))
        .collect();
    let place: BTreeMap<usize, usize> =
        members.keys().enumerate().map(|(at, member)| (*member, at)).collect();
    let limits = study.week.rota_limits.as_ref();
    let member = |(&at, &group): (&usize, &usize)| RotaInstitutionFigures {
        institution: institution(study, at),
        group,
        duties: rota.duties.iter().filter(|on_duty| on_duty.contains(&at)).count(),
        most: limits.and_then(|limits| limits.get(&at)).and_then(|limit| limit.most_per_week),
    };
    let shift = |(slot, on_duty): (&Slot, &BTreeSet<usize>)| ShiftFigures {
        slot: slot.into(),
        on_duty: on_duty.iter().filter_map(|at| place.get(at).copied()).collect(),
    };
    let rules = &table.rota;
    let text =
        "届き得る人すべてにだれかが届くように、当番の総数・1機関の最多・差・二乗和の順に最も少なくする";
    RotaFigures {
        service: rules.service.clone(),
        limit_minutes: table.limit_minutes,
        assumptions: vec![limit(table), row("当番の枠", text.to_owned(), &rules.source, &rules.tag)],
        institutions: members.iter().map(member).collect(),
        shifts: rota.shifts.iter().zip(&rota.duties).map(shift).collect(),
        groups: rota.groups.iter().map(of_group).collect(),
        unfilled: rota.unfilled.iter().map(|one| of_unfilled(study, residents, one)).collect(),
        unreachable: residents.of(rota.unreachable.iter().copied()).into(),
    }
}

fn of_group(group: &RotaGroup) -> GroupFigures {
    GroupFigures {
        institutions: group.institutions.len(),
        proven: group.is_proven(),
        alone: group.alone.into(),
        duties: group.duties.into(),
        highest: group.highest.into(),
        spread: group.spread.into(),
        squares: group.squares.into(),
    }
}

fn of_unfilled(study: &Study, residents: &Residents, unfilled: &Unfilled) -> UnfilledFigures {
    UnfilledFigures {
        shift: unfilled.shift,
        people: residents.of(unfilled.cells.iter().copied()).into(),
        municipalities: unfilled.cells.iter().map(|at| code(study, study.cells[*at].municipality)).collect(),
        institutions: unfilled.institutions.iter().map(|at| institution(study, *at)).collect(),
        reason: match unfilled.reason {
            Reason::NobodyAble => "nobody_able",
            Reason::WeeklyLimits => "weekly_limits",
        },
    }
}
