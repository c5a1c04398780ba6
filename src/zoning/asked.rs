//! What a planner asks of a zoning beside the parameters of the study: rules with names of places, from
//! the dated table (`[[zoning]]` of `shapes/tables/rules.toml`) and from the planner's own file.

use crate::demand::home_visits::Demand;
use crate::ingest::study::{AreaSystem, Count};
use crate::units::Deciseconds;
use crate::zoning::aims::{Aim, AskedObjective};
use crate::zoning::condition::{Condition, ConditionKind, MILLION, Patch, Strength, Zones};
use crate::zoning::cover::{Provided, hubs};
use crate::zoning::plan::Plan;
use crate::zoning::problem::{Problem, ZoneCount};
use crate::zoning::rules::Rules;
use crate::zoning::statement::{Facts, Grouping, milli};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// Which flows of patients count before others, as lists write it.
const HOME_VISITS: &str = "訪問診療";

/// Objective of one receipt-minute: thousandths of a receipt × tenths of a second.
pub(super) const PER_RECEIPT_MINUTE: f64 = 1_000.0 * 600.0;

/// A planner's file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Asked {
    /// At least so many zones.
    pub zones_least: usize,
    /// At most so many zones; left out = no limit.
    pub zones_most: Option<usize>,
    /// Rules; one with the id of a rule of the dated table takes its place.
    #[serde(rename = "rule")]
    pub rules: Vec<AskedRule>,
    /// Objectives; without any, travel from the leads.
    #[serde(rename = "objective")]
    pub objectives: Vec<AskedObjective>,
}

/// A rule, `[[rule]]` or `[[zoning]]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AskedRule {
    /// Stable id.
    pub id: String,
    /// Name in Japanese.
    pub name: String,
    /// Whether it may be broken, or does not count.
    pub strength: AskedStrength,
    /// If it is soft: receipt-minutes per month for each unit of breach (a receipt, a person, an
    /// institution, a zone or a municipality too many or too few).
    pub weight: Option<f64>,
    /// What is asked.
    pub asks: Asks,
    /// Asked only of the zones that hold one of these places; none = of every zone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub zones_with: Vec<String>,
    /// Asked only of the zones that hold none of these places.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub zones_without: Vec<String>,
    /// Where it comes from.
    #[serde(default)]
    pub source: String,
    /// `V`, `D`, `M` or `A`.
    #[serde(default)]
    pub tag: String,
}

/// How much a rule counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AskedStrength {
    /// It may not be broken.
    Hard,
    /// A breach costs its weight.
    Soft,
    /// It does not count.
    Off,
}

/// What a rule asks of every zone or of the plan. Places are municipalities by name or code, or units by
/// name; a municipality that is split stands for all its units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Asks {
    /// Demand of a zone in a fiscal year, receipts per month.
    Demand {
        /// Fiscal year.
        year: u16,
        /// Lower limit.
        least: Option<f64>,
        /// Upper limit.
        most: Option<f64>,
    },
    /// People of a zone at the census.
    Population {
        /// Lower limit.
        least: Option<f64>,
        /// Upper limit.
        most: Option<f64>,
    },
    /// Candidates for 積極的役割を担う医療機関 in a zone.
    ActiveInstitutions {
        /// Lower limit.
        least: u32,
    },
    /// Share of the demand of a zone within a travel time of an institution of a service.
    Within {
        /// Id of the service.
        service: String,
        /// The travel time.
        minutes: u32,
        /// Lower limit, 0–1.
        least_share: f64,
        /// Whether the institution has to be in the zone itself.
        in_zone: bool,
    },
    /// A candidate for 連携拠点 stands in the zone, or service areas of such cover all of it.
    Linkage,
    /// An amount that the planner knows of every municipality, such as nurses or doctors.
    Known {
        /// By municipality.
        held: BTreeMap<String, f64>,
        /// Lower limit.
        least: Option<f64>,
        /// Upper limit.
        most: Option<f64>,
    },
    /// Share of the flows from the places of a zone that stay in it (LI).
    SelfSufficiency {
        /// From, to, how many; a place outside the prefecture is 県外.
        flows: Vec<(String, String, f64)>,
        /// Lower limit, 0–1.
        least_share: f64,
    },
    /// The areas of a system are not split.
    WholeAreas {
        /// The system.
        system: AreaSystem,
    },
    /// These are in one zone.
    Together {
        /// Municipalities.
        municipalities: Vec<String>,
    },
    /// No two of these are in one zone.
    Apart {
        /// Municipalities.
        municipalities: Vec<String>,
    },
    /// These are a zone.
    Locked {
        /// Municipalities.
        municipalities: Vec<String>,
    },
    /// No zone hangs together through the border of these two. Always hard.
    ClosedBorder {
        /// Two municipalities.
        municipalities: [String; 2],
    },
    /// Little changes against the areas of a system.
    Change {
        /// The system.
        from: AreaSystem,
        /// Share of the people who may be in another zone, 0–1.
        most_share: f64,
    },
    /// Little changes against a given plan.
    ChangeFromPlan {
        /// Its zones: municipalities, each in one.
        zones: Vec<Vec<String>>,
        /// Share of the people who may be in another zone, 0–1.
        most_share: f64,
    },
}

/// A rule that does not fit the study.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum AskedError {
    /// A place that the study does not know.
    #[error(
        "規則 {rule} の市町村「{said}」はこの県にありません。市町村名か5桁のコード、または単位の名前で書いてください"
    )]
    Place {
        /// Id of the rule.
        rule: String,
        /// What was written.
        said: String,
    },
    /// Demand of a year that is not known.
    #[error("規則 {rule} の年度 {year} の需要はありません。{known} のどれかを書いてください")]
    Year {
        /// Id of the rule.
        rule: String,
        /// Fiscal year.
        year: u16,
        /// Years that are known.
        known: String,
    },
    /// Areas that were not loaded or leave a municipality out.
    #[error(
        "規則 {rule} の区域「{system}」が未登録か、属さない市町村があります。study.toml に区域の表を加えてください"
    )]
    System {
        /// Id of the rule.
        rule: String,
        /// Name of the system.
        system: &'static str,
    },
    /// A number out of its range.
    #[error("規則 {rule} の {field} が {said} です。{expected} を書いてください")]
    Number {
        /// Id of the rule.
        rule: String,
        /// Name of the field.
        field: &'static str,
        /// What was written.
        said: String,
        /// What is expected.
        expected: &'static str,
    },
    /// A given plan that is none: places in no zone, or in two.
    #[error(
        "規則 {rule} の元の案で、{said} がどの圏域にもないか、二つの圏域にあります。すべての市町村を一つずつの圏域に書いてください"
    )]
    GivenPlan {
        /// Id of the rule.
        rule: String,
        /// Names of the units.
        said: String,
    },
    /// A rule about the plan as a whole, asked of some zones.
    #[error(
        "規則 {rule} は案全体についての規則なので、圏域を限って課せません。zones_with と zones_without を消してください"
    )]
    NotOfZones {
        /// Id of the rule.
        rule: String,
    },
    /// A rule asked of zones with some places and of zones without others.
    #[error("規則 {rule} に zones_with と zones_without の両方があります。どちらか一つにしてください")]
    Zones {
        /// Id of the rule.
        rule: String,
    },
    /// A lower limit above the upper one.
    #[error("{of} が {least} 以上 {most} 以下です。下限を下げるか、上限を上げてください")]
    Limits {
        /// Id of the rule, or what is limited.
        of: String,
        /// Lower limit.
        least: String,
        /// Upper limit.
        most: String,
    },
    /// A service of which nothing is known.
    #[error(
        "規則・目的 {rule} のサービス「{said}」は未登録か、所要時間がありません。shapes/tables/services.toml の id を書き、その届出を study.toml に加えてください"
    )]
    Service {
        /// Id of the rule.
        rule: String,
        /// What was written.
        said: String,
    },
    /// A municipality that is split between units where one unit is needed.
    #[error("規則・目的 {rule} の「{said}」は複数の単位に分かれています。単位の名前で書いてください")]
    Split {
        /// Id of the rule.
        rule: String,
        /// What was written.
        said: String,
    },
    /// No flows of patients were given.
    #[error(
        "規則・目的 {rule} には患者の流れの表が必要ですが、flows が空です。[[\"甲府市\", \"県外\", 12]] のように書くか、外してください"
    )]
    Flows {
        /// Id of the rule.
        rule: String,
    },
    /// An amount is not known everywhere.
    #[error("規則 {rule} の量が {missing} では不明です。held に書き加えるか、規則を off にしてください")]
    Unknown {
        /// Id of the rule.
        rule: String,
        /// Municipalities without an amount.
        missing: String,
    },
    /// Supply and demand cannot be compared.
    #[error("需要か、訪問診療の供給の見込める機関が1つもないため、需給の釣合いを目的にできません")]
    Balance,
    /// Supply is known of 訪問診療 only.
    #[error("重ねる圏域では、訪問診療の供給との釣合いを目的にできません。ほかの目的を選んでください")]
    OverlayBalance,
    /// A strength for a rule that does not exist.
    #[error(
        "規則「{said}」はありません。規則表 shapes/tables/rules.toml か条件のファイルの id を書いてください"
    )]
    Rule {
        /// What was written.
        said: String,
    },
}

impl Asked {
    /// The rules of the dated table, and over them those of the planner's file.
    #[must_use]
    pub fn over(self, table: &Rules) -> Self {
        let own: BTreeSet<String> = self.rules.iter().map(|rule| rule.id.clone()).collect();
        let kept = table.zoning.iter().filter(|rule| !own.contains(&rule.id)).cloned();
        Self { rules: kept.chain(self.rules).collect(), ..self }
    }

    /// Gives a rule another strength.
    ///
    /// # Errors
    /// There is no such rule.
    pub fn set(&mut self, id: &str, strength: AskedStrength, weight: Option<f64>) -> Result<(), AskedError> {
        let rule = self.rules.iter_mut().find(|rule| rule.id == id);
        let rule = rule.ok_or_else(|| AskedError::Rule { said: id.to_owned() })?;
        rule.strength = strength;
        rule.weight = weight.or(rule.weight);
        Ok(())
    }

    /// Whether any rule or objective needs the travel times of services.
    #[must_use]
    pub fn needs_access(&self) -> bool {
        let on = self.rules.iter().filter(|rule| rule.strength != AskedStrength::Off);
        on.map(|rule| &rule.asks).any(|asks| matches!(asks, Asks::Within { .. }))
            || self.objectives.iter().any(|objective| matches!(objective.of, Aim::Nearest { .. }))
    }

    /// The question for these units under the parameters of the study and these rules.
    ///
    /// # Errors
    /// The first rule that does not fit the study.
    pub fn problem(
        &self,
        facts: &Facts<'_>,
        grouping: &Grouping,
        demand: &Demand,
    ) -> Result<Problem, AskedError> {
        if let Some(most) = self.zones_most.filter(|most| *most < self.zones_least) {
            let (least, most) = (self.zones_least.to_string(), most.to_string());
            return Err(AskedError::Limits { of: "圏域の数".to_owned(), least, most });
        }
        let mut problem = facts.problem(grouping);
        problem.zone_count = ZoneCount { least: self.zones_least, most: self.zones_most };
        let ground = Ground { facts, grouping, demand };
        for rule in self.rules.iter().filter(|rule| rule.strength != AskedStrength::Off) {
            ground.ask(rule, &mut problem)?;
        }
        Ok(problem)
    }
}

/// What rules and objectives are about.
pub(super) struct Ground<'a> {
    pub(super) facts: &'a Facts<'a>,
    pub(super) grouping: &'a Grouping,
    pub(super) demand: &'a Demand,
}

impl Ground<'_> {
    fn ask(&self, rule: &AskedRule, problem: &mut Problem) -> Result<(), AskedError> {
        let kinds = match &rule.asks {
            Asks::Demand { year, least, most } => {
                let cells = self.demand.cells.get(year).ok_or_else(|| AskedError::Year {
                    rule: rule.id.clone(),
                    year: *year,
                    known: self.demand.cells.keys().map(u16::to_string).collect::<Vec<_>>().join("・"),
                })?;
                let limits = limits(rule, *least, *most)?;
                vec![amount(self.by_unit(cells.iter().copied()), limits)]
            }
            Asks::Population { least, most } => {
                let people = self.facts.study.cells.iter().map(|cell| f64::from(cell.population.total));
                let limits = limits(rule, *least, *most)?;
                vec![amount(self.by_unit(people), limits)]
            }
            Asks::ActiveInstitutions { least } => {
                let mut held = vec![0; self.grouping.names.len()];
                for site in self.facts.leads {
                    held[self.facts.unit_of_lead(self.grouping, site)] += 1;
                }
                vec![ConditionKind::Amount { held, least: u64::from(*least), most: None, parts: 1 }]
            }
            Asks::Within { service, minutes, least_share, in_zone } => {
                if *minutes > self.facts.study.parameters.travel_limit_minutes {
                    return Err(number(
                        &rule.id,
                        "minutes",
                        f64::from(*minutes),
                        "study.toml の travel_limit_minutes 以下の分",
                    ));
                }
                let limit = Deciseconds::from_minutes(*minutes);
                let patches = self.provided(&rule.id, service)?.within(limit.0, *in_zone);
                vec![self.covered(rule, patches, *least_share)?]
            }
            Asks::Linkage => vec![self.covered(rule, hubs(self.facts, self.grouping), 1.0)?],
            Asks::Known { held, least, most } => {
                let limits = limits(rule, *least, *most)?;
                vec![amount(self.known(rule, held)?, limits)]
            }
            Asks::SelfSufficiency { flows, least_share } => {
                vec![self.covered(rule, self.flows(&rule.id, flows)?, *least_share)?]
            }
            Asks::WholeAreas { system } => {
                let areas = self.areas(&rule.id, *system)?;
                areas.into_iter().map(|units| ConditionKind::Together { units }).collect()
            }
            Asks::Together { municipalities } => {
                vec![ConditionKind::Together { units: self.units(rule, municipalities)? }]
            }
            Asks::Apart { municipalities } => self.apart(rule, municipalities)?,
            Asks::Locked { municipalities } => {
                vec![ConditionKind::Locked { units: self.units(rule, municipalities)? }]
            }
            Asks::ClosedBorder { municipalities } => {
                problem.closed.extend(self.across(rule, municipalities)?);
                Vec::new()
            }
            Asks::Change { from, most_share } => vec![self.change(&rule.id, *from, *most_share)?],
            Asks::ChangeFromPlan { zones, most_share } => {
                vec![self.change_from_plan(rule, zones, *most_share)?]
            }
        };
        let (name, zones) = self.zones(rule)?;
        // A closed border has no condition at all.
        let is_of_each_zone = !kinds.is_empty() && kinds.iter().all(ConditionKind::is_of_each_zone);
        if zones.is_some() && !is_of_each_zone {
            return Err(AskedError::NotOfZones { rule: rule.id.clone() });
        }
        for kind in kinds {
            let kind = match &zones {
                None => kind,
                Some(zones) => ConditionKind::Some { zones: zones.clone(), of: Box::new(kind) },
            };
            problem.conditions.push(Condition { name: name.clone(), kind, strength: strength(rule)? });
        }
        Ok(())
    }

    /// The name of a rule, and the zones of which it is asked; `None` = of every zone.
    fn zones(&self, rule: &AskedRule) -> Result<(String, Option<Zones>), AskedError> {
        let AskedRule { name, zones_with, zones_without, .. } = rule;
        Ok(match (zones_with.as_slice(), zones_without.as_slice()) {
            ([], []) => (name.clone(), None),
            (with, []) => {
                let zones = Zones::With(self.units(rule, with)?);
                (format!("{name}（{}を含む圏域）", self.place_names(with)), Some(zones))
            }
            ([], without) => {
                let zones = Zones::Without(self.units(rule, without)?);
                (format!("{name}（{}を含まない圏域）", self.place_names(without)), Some(zones))
            }
            _ => return Err(AskedError::Zones { rule: rule.id.clone() }),
        })
    }

    /// Places by name, whether they were written by name or code.
    fn place_names(&self, places: &[String]) -> String {
        let municipalities = &self.facts.study.municipalities;
        let name = |said: &String| {
            let found = municipalities.iter().find(|one| one.code.as_str() == said);
            found.map_or_else(|| said.clone(), |one| one.name.clone())
        };
        places.iter().map(name).collect::<Vec<_>>().join("・")
    }

    /// Sums over the cells of each unit, in thousandths.
    fn by_unit(&self, cells: impl Iterator<Item = f64>) -> Vec<u64> {
        let mut sums = vec![0.0; self.grouping.names.len()];
        for (unit, value) in self.grouping.unit_of_cell.iter().zip(cells) {
            sums[*unit] += value;
        }
        sums.into_iter().map(milli).collect()
    }

    /// Institutions of a service, with their times.
    pub(super) fn provided(&self, rule: &str, service: &str) -> Result<Provided<'_>, AskedError> {
        let access = self.facts.access;
        let found = access.and_then(|access| Provided::new(self.facts, self.grouping, access, service));
        found.ok_or_else(|| AskedError::Service { rule: rule.to_owned(), said: service.to_owned() })
    }

    fn covered(
        &self,
        rule: &AskedRule,
        patches: Vec<Patch>,
        share: f64,
    ) -> Result<ConditionKind, AskedError> {
        if !(0.0..=1.0).contains(&share) {
            return Err(number(&rule.id, "least_share", share, "0 から 1 までの割合"));
        }
        let millionths = (share * MILLION as f64).round() as u64;
        Ok(ConditionKind::covered(self.grouping.names.len(), patches, millionths))
    }

    /// An amount of every unit, in thousandths, given for municipalities or units.
    fn known(&self, rule: &AskedRule, held: &BTreeMap<String, f64>) -> Result<Vec<u64>, AskedError> {
        let mut sums = vec![0.0; self.grouping.names.len()];
        for (said, amount) in held {
            if !(0.0..=1e9).contains(amount) {
                return Err(number(&rule.id, "held", *amount, "0 以上で 10 億以下の数"));
            }
            sums[self.unit_of(&rule.id, said)?] += amount;
        }
        let is_known = |name: &str| held.contains_key(name);
        let mut missing = Vec::new();
        for (municipality, units) in
            self.facts.study.municipalities.iter().zip(&self.grouping.units_of_municipality)
        {
            if is_known(&municipality.name) || is_known(municipality.code.as_str()) {
                continue;
            }
            let names = units.iter().map(|unit| self.grouping.names[*unit].as_str());
            let unknown = names.filter(|name| !is_known(name));
            match units.len() {
                1 => missing.extend(unknown.map(|_| municipality.name.as_str())),
                _ => missing.extend(unknown),
            }
        }
        if !missing.is_empty() {
            return Err(AskedError::Unknown { rule: rule.id.clone(), missing: missing.join("・") });
        }
        Ok(sums.into_iter().map(milli).collect())
    }

    /// Flows in thousandths, each covered by the unit to which it goes.
    pub(super) fn flows(
        &self,
        rule: &str,
        flows: &[(String, String, f64)],
    ) -> Result<Vec<Patch>, AskedError> {
        let own;
        let flows = if flows.is_empty() {
            own = self.flows_of_study();
            own.as_slice()
        } else {
            flows
        };
        if flows.is_empty() {
            return Err(AskedError::Flows { rule: rule.to_owned() });
        }
        let patch = |(from, to, count): &(String, String, f64)| {
            if !(0.0..=1e9).contains(count) {
                return Err(number(rule, "flows", *count, "0 以上で 10 億以下の数"));
            }
            let by = if to == "県外" { Vec::new() } else { vec![self.unit_of(rule, to)?] };
            Ok(Patch { unit: self.unit_of(rule, from)?, weight: milli(*count), by })
        };
        flows.iter().map(patch).collect()
    }

    /// The flows of patients that the study was made with: of 訪問診療, else of the first kind, in the latest
    /// year. A suppressed count of 1 to 9 weighs 5.
    fn flows_of_study(&self) -> Vec<(String, String, f64)> {
        let study = self.facts.study;
        let flows = study.own_lists.patient_flows.as_deref().unwrap_or_default();
        let newest = flows.iter().map(|flow| (flow.kind == HOME_VISITS, flow.year)).max();
        let Some((_, year)) = newest else { return Vec::new() };
        let kind = flows.iter().filter(|flow| flow.year == year).map(|flow| flow.kind.as_str());
        let kind = kind.clone().find(|kind| *kind == HOME_VISITS).or_else(|| kind.min());
        let name = |at: usize| study.municipalities[at].code.to_string();
        let of_kind = flows.iter().filter(|flow| flow.year == year && Some(flow.kind.as_str()) == kind);
        of_kind
            .filter_map(|flow| {
                let count = match flow.count {
                    Count::Exact(count) => f64::from(count),
                    Count::Small => 5.0,
                };
                Some((name(flow.home?), flow.place.map_or_else(|| "県外".to_owned(), name), count))
            })
            .collect()
    }

    /// The unit of a municipality that is not split, or the unit of that name.
    fn unit_of(&self, rule: &str, said: &str) -> Result<usize, AskedError> {
        match self.units_of(rule, said)?[..] {
            [unit] => Ok(unit),
            _ => Err(AskedError::Split { rule: rule.to_owned(), said: said.to_owned() }),
        }
    }

    /// The units of these places, each once, in order.
    fn units(&self, rule: &AskedRule, places: &[String]) -> Result<Vec<usize>, AskedError> {
        let units = places.iter().map(|said| self.units_of(&rule.id, said)).collect::<Result<Vec<_>, _>>()?;
        Ok(units.concat().into_iter().collect::<BTreeSet<_>>().into_iter().collect())
    }

    /// The units of a municipality by name or code, or the unit of that name.
    fn units_of(&self, rule: &str, said: &str) -> Result<Vec<usize>, AskedError> {
        let municipalities = &self.facts.study.municipalities;
        let found = municipalities.iter().position(|one| one.name == said || one.code.as_str() == said);
        let of_municipality = found.map(|at| self.grouping.units_of_municipality[at].clone());
        let named = || Some(vec![self.grouping.names.iter().position(|name| name == said)?]);
        let place = || AskedError::Place { rule: rule.to_owned(), said: said.to_owned() };
        of_municipality.or_else(named).ok_or_else(place)
    }

    /// Pairs of different units, one of each of two of these places, in order.
    fn across(&self, rule: &AskedRule, places: &[String]) -> Result<BTreeSet<(usize, usize)>, AskedError> {
        let units = places.iter().map(|said| self.units_of(&rule.id, said)).collect::<Result<Vec<_>, _>>()?;
        let mut pairs = BTreeSet::new();
        for (at, one) in units.iter().enumerate() {
            let others = || units[at + 1..].iter().flatten();
            let all = one.iter().flat_map(|a| others().map(move |b| (*a.min(b), *a.max(b))));
            pairs.extend(all.filter(|(a, b)| a != b));
        }
        Ok(pairs)
    }

    /// One condition for all, unless a place is split: its own parts need not be apart.
    fn apart(&self, rule: &AskedRule, places: &[String]) -> Result<Vec<ConditionKind>, AskedError> {
        let units = places.iter().map(|said| self.units_of(&rule.id, said)).collect::<Result<Vec<_>, _>>()?;
        if units.iter().all(|units| units.len() == 1) {
            return Ok(vec![ConditionKind::Apart { units: self.units(rule, places)? }]);
        }
        let pairs = self.across(rule, places)?.into_iter();
        Ok(pairs.map(|(a, b)| ConditionKind::Apart { units: vec![a, b] }).collect())
    }

    /// The units of each area of a system; a unit that lies in several areas, or whose municipality the areas
    /// cut, belongs to each, so that whole areas then stand together.
    pub(super) fn areas(&self, rule: &str, system: AreaSystem) -> Result<Vec<Vec<usize>>, AskedError> {
        let mut areas: BTreeMap<_, BTreeSet<usize>> = BTreeMap::new();
        let study = self.facts.study;
        let units_of = self.grouping.units_of_municipality.iter();
        for (at, (municipality, units)) in study.municipalities.iter().zip(units_of).enumerate() {
            let missing = || AskedError::System { rule: rule.to_owned(), system: system.name() };
            let area = study.area(municipality, system).ok_or_else(missing)?;
            for further in municipality.further.get(&system).into_iter().flatten() {
                areas.entry(Cow::Borrowed(further)).or_default().extend(units);
            }
            let Some(cut) = study.area_cut(system, at) else {
                areas.entry(area).or_default().extend(units);
                continue;
            };
            let mut empty: BTreeSet<usize> = units.iter().copied().collect();
            for part in &cut.parts {
                let inhabited = part.cells.iter().map(|cell| self.grouping.unit_of_cell[*cell]);
                let of_area = areas.entry(Cow::Borrowed(&part.area)).or_default();
                for unit in inhabited {
                    empty.remove(&unit);
                    of_area.insert(unit);
                }
            }
            // Nobody lives in these; they go with the most.
            areas.entry(area).or_default().extend(empty);
        }
        Ok(areas.into_values().map(|units| units.into_iter().collect()).collect())
    }

    pub(super) fn change(
        &self,
        rule: &str,
        from: AreaSystem,
        share: f64,
    ) -> Result<ConditionKind, AskedError> {
        let areas = self.areas(rule, from)?;
        let units = 0..self.grouping.names.len();
        let area_of = |unit: usize| areas.iter().position(|area| area.contains(&unit));
        self.moved_at_most(rule, &units.map(area_of).collect::<Vec<_>>(), share)
    }

    fn change_from_plan(
        &self,
        rule: &AskedRule,
        zones: &[Vec<String>],
        share: f64,
    ) -> Result<ConditionKind, AskedError> {
        let mut zones_of_units = vec![BTreeSet::new(); self.grouping.names.len()];
        for (zone, places) in zones.iter().enumerate() {
            for unit in self.units(rule, places)? {
                zones_of_units[unit].insert(zone);
            }
        }
        let wrong = self.grouping.names.iter().zip(&zones_of_units).filter(|(_, zones)| zones.len() != 1);
        let wrong: Vec<&str> = wrong.map(|(name, _)| name.as_str()).collect();
        if !wrong.is_empty() {
            return Err(AskedError::GivenPlan { rule: rule.id.clone(), said: wrong.join("・") });
        }
        self.moved_at_most(&rule.id, &zones_of_units, share)
    }

    /// At most a share of the people is in another zone than that in which their group goes on.
    fn moved_at_most<Group: Ord>(
        &self,
        rule: &str,
        group_of_unit: &[Group],
        share: f64,
    ) -> Result<ConditionKind, AskedError> {
        if !(0.0..=1.0).contains(&share) {
            return Err(number(rule, "most_share", share, "0 から 1 までの割合"));
        }
        let people = self.facts.study.cells.iter().map(|cell| f64::from(cell.population.total) / 1_000.0);
        let weight = self.by_unit(people);
        let most = (share * weight.iter().sum::<u64>() as f64) as u64;
        let zone_of_unit = Plan::from_groups(group_of_unit).zone_of_unit;
        Ok(ConditionKind::Change { zone_of_unit, weight, most })
    }
}

/// An amount in thousandths.
fn limit(rule: &AskedRule, field: &'static str, said: Option<f64>) -> Result<Option<u64>, AskedError> {
    let expected = "0 以上で 10 億以下の数";
    match said {
        Some(said) if !(0.0..=1e9).contains(&said) => Err(number(&rule.id, field, said, expected)),
        said => Ok(said.map(milli)),
    }
}

/// Both limits of an amount, in thousandths.
fn limits(
    rule: &AskedRule,
    least: Option<f64>,
    most: Option<f64>,
) -> Result<(Option<u64>, Option<u64>), AskedError> {
    match (least, most) {
        (Some(least), Some(most)) if most < least => Err(AskedError::Limits {
            of: format!("規則 {} の量", rule.id),
            least: least.to_string(),
            most: most.to_string(),
        }),
        _ => Ok((limit(rule, "least", least)?, limit(rule, "most", most)?)),
    }
}

fn amount(held: Vec<u64>, (least, most): (Option<u64>, Option<u64>)) -> ConditionKind {
    ConditionKind::Amount { held, least: least.unwrap_or(0), most, parts: 1_000 }
}

pub(super) fn number(rule: &str, field: &'static str, said: f64, expected: &'static str) -> AskedError {
    AskedError::Number { rule: rule.to_owned(), field, said: said.to_string(), expected }
}

fn strength(rule: &AskedRule) -> Result<Strength, AskedError> {
    if rule.strength == AskedStrength::Hard {
        return Ok(Strength::Hard);
    }
    let weight = rule.weight.unwrap_or(f64::NAN);
    if !(0.0..=1e6).contains(&weight) {
        return Err(number(&rule.id, "weight", weight, "0 以上で 100 万以下の数（受療件数×分）"));
    }
    // Receipts and people are counted in thousandths.
    let is_in_thousandths = matches!(
        rule.asks,
        Asks::Demand { .. }
            | Asks::Population { .. }
            | Asks::Known { .. }
            | Asks::Within { .. }
            | Asks::SelfSufficiency { .. }
    );
    let parts = if is_in_thousandths { 1_000.0 } else { 1.0 };
    Ok(Strength::Soft { weight: (weight * PER_RECEIPT_MINUTE / parts).round() as u64 })
}
