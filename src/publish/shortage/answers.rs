//! The shortage of a study as answers to questions over HTTP. Cells bear the id that the map gives them:
//! mesh code, hyphen, code of the municipality.

use super::words;
use crate::access::cover::Concerned;
use crate::access::depth::Depth;
use crate::access::loss::Loss;
use crate::access::partners::Partner;
use crate::access::reach::Reach;
use crate::access::shortage::{Cause, CellShortage, MunicipalityShortage, Places, Remedy, Unreached};
use crate::access::siting::Siting;
use crate::assess::shortages::{CoverPicture, Ground, ServiceShortage};
use crate::assess::sites::{Model, SitingStep};
use crate::assess::what_if::{Change, Level};
use crate::ids::MunicipalityCode;
use crate::ingest::study::{Cell, Study};
use crate::publish::attributions::attributions;
use crate::publish::summary::Assumption;
use crate::store::layer::{Column, ColumnKind, GeometryKind, Layer, Row, Value};
use crate::units::{AgeCounts, Deciseconds};
use serde::Serialize;
use std::collections::BTreeMap;

/// People and their demand.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct PeopleFigures {
    /// People at the census.
    #[serde(flatten)]
    pub people: AgeCounts,
    /// 訪問診療 demand in receipts per month in the first official year.
    pub demand: f64,
}

impl From<Concerned> for PeopleFigures {
    fn from(of: Concerned) -> Self {
        Self { people: of.people, demand: of.demand }
    }
}

/// The shortage of one service.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ShortageFigures {
    /// Id of the service.
    pub service: String,
    /// Somebody has to come within so many minutes by car …
    pub limit_minutes: u32,
    /// … from inside a circle of so many metres, where the fee rules say so.
    pub circle_m: Option<u32>,
    /// Slower and faster speed of the sensitivity, as multiples of the planned one.
    pub speeds: [f64; 2],
    /// What the figures rest on beside the assumptions of `summary.json`.
    pub assumptions: Vec<Assumption>,
    /// Everybody in the study.
    pub everybody: PeopleFigures,
    /// Where it is short; `null` = not loaded.
    pub places: Option<PlaceFigures>,
}

/// Where a service is short.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PlaceFigures {
    /// Causes that nothing which was loaded can speak of.
    pub unjudged: Vec<&'static str>,
    /// False = those that could take the service up were not loaded: what would mend it is unknown.
    pub remedies_known: bool,
    /// All causes, the gravest first.
    pub causes: Vec<CauseFigures>,
    /// People with 0, 1, 2 and 3 or more institutions.
    pub depth: [PeopleFigures; 4],
    /// People surely inside the circle of any institution, those for whom the error of places decides,
    /// and people surely outside; `null` for a service without a circle.
    pub circle: Option<[PeopleFigures; 3]>,
    /// Those whom nobody reaches.
    pub unreached: UnreachedFigures,
    /// Municipalities on the list, in its order.
    pub municipalities: Vec<MunicipalityShortageFigures>,
    /// What stops with each institution, the most people first.
    pub losses: Vec<LossFigures>,
}

/// One cause.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CauseFigures {
    /// `none_in_circle`, `none_in_minutes`, `not_at_night`, `one_institution` or `capacity`.
    pub cause: &'static str,
    /// Those whom it concerns; one cell can have several causes.
    pub concerned: PeopleFigures,
    /// Those of them for whom it is the gravest: every cell on the list counts once.
    pub gravest: PeopleFigures,
}

/// People whom nobody reaches within the limits, at three speeds.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct UnreachedFigures {
    /// At the slower one.
    pub slower: PeopleFigures,
    /// At the planned one.
    pub planned: PeopleFigures,
    /// At the faster one; `null` where travel times are cut before.
    pub faster: Option<PeopleFigures>,
}

/// A municipality on the list.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MunicipalityShortageFigures {
    /// Its code.
    pub code: MunicipalityCode,
    /// Those in its cells on the list.
    pub concerned: PeopleFigures,
    /// The same by cause.
    pub causes: BTreeMap<&'static str, PeopleFigures>,
    /// Those that could mend it for most people.
    pub remedies: Vec<RemedyFigures>,
    /// Those whom nobody reaches.
    pub unreached: UnreachedFigures,
    /// People with 0, 1, 2 and 3 or more institutions.
    pub depth: [PeopleFigures; 4],
}

/// An institution that could mend a shortage.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RemedyFigures {
    /// Which.
    #[serde(flatten)]
    pub institution: InstitutionFigures,
    /// Minutes to the nearest cell that it would mend.
    pub minutes: f64,
    /// Those for whom it would.
    pub mended: PeopleFigures,
}

/// What stops with an institution.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LossFigures {
    /// Which.
    #[serde(flatten)]
    pub institution: InstitutionFigures,
    /// Those whom no other reaches.
    pub lost: PeopleFigures,
    /// Those who have farther to the next one.
    pub farther: PeopleFigures,
    /// How much farther on average, minutes; `null` when nobody has.
    pub extra_minutes: Option<f64>,
    /// Whether it comes around the clock; `null` = nothing tells.
    pub around_the_clock: Option<bool>,
    /// The nearest that do, where it does not.
    pub partners: Vec<PartnerFigures>,
}

/// An institution with which another could share its nights.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PartnerFigures {
    /// Which.
    #[serde(flatten)]
    pub institution: InstitutionFigures,
    /// Minutes to it.
    pub minutes: f64,
    /// Those whom both reach.
    pub shared: PeopleFigures,
}

/// People newly covered or no longer covered in a municipality.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PlacePeople {
    /// Code of the municipality.
    pub code: MunicipalityCode,
    /// The people.
    pub concerned: PeopleFigures,
}

/// What an institution that comes or goes changes for a service.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ChangeFigures {
    /// Id of the service.
    pub service: String,
    /// Before it.
    pub before: LevelFigures,
    /// After it.
    pub after: LevelFigures,
    /// Who is covered only before it or only after it.
    pub municipalities: Vec<PlacePeople>,
    /// Ids of their cells.
    pub cells: Vec<String>,
    /// Beside that, for one that goes: who has farther, and near partners.
    pub loss: Option<LossFigures>,
    /// What the figures rest on beside the assumptions of `summary.json`.
    pub assumptions: Vec<Assumption>,
}

/// How many are covered.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LevelFigures {
    /// By somebody.
    pub once: PeopleFigures,
    /// By two or more.
    pub twice: PeopleFigures,
}

/// The best sites.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SitingFigures {
    /// Id of the service.
    pub service: String,
    /// `people`, `sites` or `person_minutes`.
    pub unit: &'static str,
    /// What counts with nobody added.
    pub now: f64,
    /// The exact answer.
    pub exact: SitesFigures,
    /// No choice is better; `null` = no bound is known.
    pub bound: Option<f64>,
    /// Whether the exact answer is proven to be best.
    pub proven: bool,
    /// The obvious choice.
    pub greedy: SitesFigures,
    /// Who would be covered newly by the exact one.
    pub gained: Vec<PlacePeople>,
    /// Those whom no candidate reaches, and nobody now.
    pub beyond_help: PeopleFigures,
    /// What the figures rest on beside the assumptions of `summary.json`.
    pub assumptions: Vec<Assumption>,
}

/// A choice of sites.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SitesFigures {
    /// What counts with it.
    pub objective: f64,
    /// The chosen.
    pub chosen: Vec<InstitutionFigures>,
}

/// An institution that is named in an answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct InstitutionFigures {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Longitude and latitude in degrees; `null` = not located.
    pub position: Option<[f64; 2]>,
}

/// The word for a cause in answers.
#[must_use]
pub const fn cause_word(cause: Cause) -> &'static str {
    match cause {
        Cause::NoneInCircle => "none_in_circle",
        Cause::NoneInMinutes => "none_in_minutes",
        Cause::NotAtNight => "not_at_night",
        Cause::OneInstitution => "one_institution",
        Cause::Capacity => "capacity",
    }
}

/// The shortage of a service.
#[must_use]
pub fn shortage(ground: Ground<'_>, reach: &Reach, found: &ServiceShortage) -> ShortageFigures {
    let rules = &ground.tables.rules;
    let places = found.shortage.places.as_ref().zip(found.cover.as_ref());
    ShortageFigures {
        service: reach.service.id.clone(),
        limit_minutes: rules.limit_minutes,
        circle_m: reach.service.circle_m,
        speeds: [rules.slower, rules.faster],
        assumptions: assumptions(ground, reach),
        everybody: ground.residents.of(0..ground.residents.cells()).into(),
        places: places.map(|(places, cover)| place_figures(ground, found, places, cover)),
    }
}

fn place_figures(
    ground: Ground<'_>,
    found: &ServiceShortage,
    places: &Places,
    cover: &CoverPicture,
) -> PlaceFigures {
    let cause = |cause: Cause| {
        let of = |is: &dyn Fn(&CellShortage) -> bool| {
            sum(places.cells.iter().filter(|short| is(short)).map(|short| short.concerned)).into()
        };
        CauseFigures {
            cause: cause_word(cause),
            concerned: of(&|short| short.causes.contains(&cause)),
            gravest: of(&|short| short.causes.first() == Some(&cause)),
        }
    };
    let faster: Option<Vec<Concerned>> = places.unreached.iter().map(|of| of.faster).collect();
    let unreached = Unreached {
        slower: sum(places.unreached.iter().map(|of| of.slower)),
        planned: sum(places.unreached.iter().map(|of| of.planned)),
        faster: faster.map(|all| sum(all.into_iter())),
    };
    let level = |at: usize| sum(cover.depth.iter().map(|depth| levels(depth)[at])).into();
    PlaceFigures {
        unjudged: places.unjudged.iter().map(|cause| cause_word(*cause)).collect(),
        remedies_known: found.remedies_known,
        causes: Cause::ALL.map(cause).into(),
        depth: [0, 1, 2, 3].map(level),
        circle: found.circle.as_ref().map(|circle| {
            [0, 1, 2].map(|at| sum(circle.municipalities.iter().map(|people| people[at])).into())
        }),
        unreached: unreached_figures(&unreached),
        municipalities: places
            .municipalities
            .iter()
            .map(|short| municipality(ground.study, short, places, cover))
            .collect(),
        losses: cover.losses.iter().map(|loss| loss_figures(ground.study, cover, loss)).collect(),
    }
}

fn sum(all: impl Iterator<Item = Concerned>) -> Concerned {
    all.fold(Concerned::default(), Concerned::and)
}

const fn levels(depth: &Depth) -> [Concerned; 4] {
    [depth.none, depth.one, depth.two, depth.three_or_more]
}

fn unreached_figures(of: &Unreached) -> UnreachedFigures {
    UnreachedFigures {
        slower: of.slower.into(),
        planned: of.planned.into(),
        faster: of.faster.map(Into::into),
    }
}

fn municipality(
    study: &Study,
    short: &MunicipalityShortage,
    places: &Places,
    cover: &CoverPicture,
) -> MunicipalityShortageFigures {
    let causes = short.causes.iter().map(|(cause, of)| (cause_word(*cause), (*of).into()));
    MunicipalityShortageFigures {
        code: study.municipalities[short.municipality].code,
        concerned: short.concerned.into(),
        causes: causes.collect(),
        remedies: short.remedies.iter().map(|remedy| remedy_figures(study, remedy)).collect(),
        unreached: unreached_figures(&places.unreached[short.municipality]),
        depth: levels(&cover.depth[short.municipality]).map(Into::into),
    }
}

fn remedy_figures(study: &Study, remedy: &Remedy) -> RemedyFigures {
    RemedyFigures {
        institution: institution(study, remedy.institution),
        minutes: remedy.time.minutes(),
        mended: remedy.mended.into(),
    }
}

fn loss_figures(study: &Study, cover: &CoverPicture, loss: &Loss) -> LossFigures {
    let partners = cover.partners.as_ref().map(|of| of.get(&loss.institution));
    let partner = |partner: &Partner| PartnerFigures {
        institution: institution(study, partner.institution),
        minutes: partner.time.minutes(),
        shared: partner.shared.into(),
    };
    LossFigures {
        institution: institution(study, loss.institution),
        lost: loss.lost.into(),
        farther: loss.farther.into(),
        extra_minutes: loss.extra_minutes,
        around_the_clock: partners.map(|seeks| seeks.is_none()),
        partners: partners.flatten().into_iter().flatten().map(partner).collect(),
    }
}

pub(in crate::publish) fn institution(study: &Study, at: usize) -> InstitutionFigures {
    let of = &study.institutions[at];
    InstitutionFigures { id: of.id.clone(), name: of.name.clone(), position: of.position.map(Into::into) }
}

/// Everything that the rules of the list assume for a service.
fn assumptions(ground: Ground<'_>, reach: &Reach) -> Vec<Assumption> {
    let (rules, capacities) = (&ground.tables.rules, &ground.tables.capacities);
    let service = &reach.service.id;
    let row = |subject: &str, text: String, source: &str, tag: &str| Assumption {
        subject: subject.to_owned(),
        text,
        source: source.to_owned(),
        tag: tag.to_owned(),
    };
    let mut rows = vec![row(
        "不足の判定の時間",
        format!("車で{}分以内に来る所がなければ不足", rules.limit_minutes),
        &rules.limit_source,
        &rules.limit_tag,
    )];
    for night in rules.night.iter().filter(|night| night.service == *service) {
        let text = format!("夜間に来る所は{}", night.around_the_clock);
        rows.push(row("夜間・休日", text, &night.source, &night.tag));
    }
    if *service == rules.capacity_service {
        let text = format!("需要に対する提供量（E2SFCA）が{}に届かなければ不足", rules.least_accessibility);
        rows.push(row("提供量の不足", text, &rules.capacity_source, &rules.capacity_tag));
        let text = format!("訪問だけを行う医師1人で月{}件", capacities.receipts_per_doctor);
        rows.push(row("提供量", text, &capacities.source, &capacities.tag));
        for class in &capacities.classes {
            let text = format!("{}は医師{}人分", class.id, class.doctors);
            rows.push(row("提供量", text, &class.source, &class.tag));
        }
    }
    for could in rules.could.iter().filter(|could| could.service == *service) {
        let text = format!("担えるとみなす所は{}", could.classes.join("・"));
        rows.push(row("改善できる所", text, &rules.could_source, &rules.could_tag));
    }
    rows
}

/// Every cell with people: why it is short of a service and how many institutions stand behind it; of
/// those on the list also whether nobody reaches them at the slower and the faster speed.
/// `counts` are by cell; `None` = not loaded, and then there are no cells.
#[must_use]
pub fn cells(ground: Ground<'_>, found: &ServiceShortage, counts: Option<&[u32]>) -> Layer {
    let study = ground.study;
    let places = found.shortage.places.iter();
    let short: BTreeMap<usize, &CellShortage> =
        places.flat_map(|places| &places.cells).map(|short| (short.cell, short)).collect();
    let row = |(at, count): (usize, &u32)| {
        let cell = &study.cells[at];
        let text = |text: String| Value::Text(text);
        let [code, name, mesh] = words::cell(study, cell).map(text);
        let causes = short.get(&at).map(|short| &short.causes);
        let gravest = causes.and_then(|causes| causes.first()).map_or("none", |cause| cause_word(*cause));
        let all = causes.into_iter().flatten().map(|cause| cause_word(*cause)).collect::<Vec<_>>().join(",");
        let remedies = short.get(&at).map_or(&[][..], |short| &short.remedies);
        let remedies = words::joined(remedies.iter().map(|one| words::remedy(study, one)));
        let unreached = |of: fn(&Unreached) -> Option<Concerned>| match short.get(&at) {
            Some(short) => of(&short.unreached).map_or(Value::Null, |of| Value::Boolean(of.people.total > 0)),
            None => Value::Null,
        };
        let people = ground.residents.people[at];
        Row {
            geometry: Some(cell.outline.clone().into()),
            values: vec![
                text(cell_id(study, cell)),
                mesh,
                code,
                name,
                Value::Integer(people.total.into()),
                Value::Integer(people.age_75_plus.into()),
                text(gravest.to_owned()),
                text(all),
                Value::Integer((*count).into()),
                text(remedies),
                unreached(|of| Some(of.slower)),
                unreached(|of| of.faster),
            ],
        }
    };
    let columns = [
        ("cell", ColumnKind::Text),
        ("mesh", ColumnKind::Text),
        ("municipality_code", ColumnKind::Text),
        ("municipality", ColumnKind::Text),
        ("total", ColumnKind::Integer),
        ("age_75_plus", ColumnKind::Integer),
        ("cause", ColumnKind::Text),
        ("causes", ColumnKind::Text),
        ("institutions", ColumnKind::Integer),
        ("remedies", ColumnKind::Text),
        ("unreached_slower", ColumnKind::Boolean),
        ("unreached_faster", ColumnKind::Boolean),
    ];
    let inhabited = |(at, _): &(usize, &u32)| ground.residents.people[*at].total > 0;
    Layer {
        name: "shortage_cells".to_owned(),
        title: format!(
            "{}の不足の原因と重なり（出典: {}）",
            found.shortage.service,
            attributions(study).join("；")
        ),
        geometry: Some(GeometryKind::MultiPolygon),
        columns: columns.map(|(name, kind)| Column::new(name, kind)).into(),
        rows: counts.unwrap_or_default().iter().enumerate().filter(inhabited).map(row).collect(),
    }
}

pub(in crate::publish) fn cell_id(study: &Study, cell: &Cell) -> String {
    format!("{}-{}", cell.mesh, study.municipalities[cell.municipality].code)
}

/// What an institution that comes, or the one of `loss` that goes, changes for a service.
#[must_use]
pub fn change(
    ground: Ground<'_>,
    reach: &Reach,
    change: &Change,
    loss: Option<(&CoverPicture, &Loss)>,
) -> ChangeFigures {
    let study = ground.study;
    ChangeFigures {
        service: reach.service.id.clone(),
        before: level(&change.before),
        after: level(&change.after),
        municipalities: by_municipality(study, &change.municipalities),
        cells: change.cells.iter().map(|at| cell_id(study, &study.cells[*at])).collect(),
        loss: loss.map(|(cover, loss)| loss_figures(study, cover, loss)),
        assumptions: assumptions(ground, reach),
    }
}

fn level(of: &Level) -> LevelFigures {
    LevelFigures { once: of.once.into(), twice: of.twice.into() }
}

/// Most people first.
fn by_municipality(study: &Study, people: &BTreeMap<usize, Concerned>) -> Vec<PlacePeople> {
    let mut all: Vec<_> = people.iter().collect();
    all.sort_by_key(|(at, of)| (std::cmp::Reverse(of.people.total), **at));
    all.into_iter()
        .map(|(at, of)| PlacePeople { code: study.municipalities[*at].code, concerned: (*of).into() })
        .collect()
}

/// The best sites of a service by a model.
#[must_use]
pub fn siting(ground: Ground<'_>, reach: &Reach, model: Model, step: &SitingStep) -> SitingFigures {
    let (unit, per) = match model {
        Model::Cover | Model::Backup => ("people", 1.0),
        Model::FewestSites => ("sites", 1.0),
        Model::Nearest => ("person_minutes", f64::from(Deciseconds::from_minutes(1).0)),
    };
    let value = |objective: u64| objective as f64 / per;
    let sites = |siting: &Siting| SitesFigures {
        objective: value(siting.objective),
        chosen: siting.chosen.iter().map(|at| institution(ground.study, *at)).collect(),
    };
    SitingFigures {
        service: reach.service.id.clone(),
        unit,
        now: value(step.now),
        exact: sites(&step.exact),
        bound: step.exact.bound.map(value),
        proven: step.exact.is_proven(),
        greedy: sites(&step.greedy),
        gained: by_municipality(ground.study, &step.gained),
        beyond_help: step.beyond_help.into(),
        assumptions: assumptions(ground, reach),
    }
}
