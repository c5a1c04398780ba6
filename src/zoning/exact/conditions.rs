//! Conditions as rows and columns. What a hard condition says of single units and leads, the reach of
//! the leads holds already.

use super::model::{Formulation, power_of_two};
use crate::zoning::certificate::tolerance;
use crate::zoning::condition::{Condition, ConditionKind, Patch, Strength, Zones};
use crate::zoning::measure::Measure;
use crate::zoning::problem::Problem;
use highs::{Col, RowProblem};
use std::collections::{BTreeMap, BTreeSet};

type Terms = Vec<(Col, f64)>;

impl Formulation<'_> {
    /// Every condition that the reach and the needs do not hold in full, and what the objective
    /// counts as breaches of conditions.
    pub(super) fn add_conditions(&mut self, rows: &mut RowProblem) {
        let problem = self.problem;
        for condition in &problem.conditions {
            self.add_kind(rows, &condition.kind, weight(condition));
        }
        for (kind, weight) in &problem.objective.breaches {
            self.add_kind(rows, kind, Some(*weight));
        }
    }

    /// A condition, hard without weight.
    fn add_kind(&mut self, rows: &mut RowProblem, kind: &ConditionKind, weight: Option<u64>) {
        match kind {
            ConditionKind::Amount { .. } | ConditionKind::Covered { .. } | ConditionKind::Balance { .. } => {
                self.add_of_each_zone(rows, kind, weight, None);
            }
            ConditionKind::Some { zones, of } => self.add_of_each_zone(rows, of, weight, Some(zones)),
            ConditionKind::Together { units } => match weight {
                None => self.add_whole(rows, units),
                Some(weight) => self.add_pieces(rows, units, weight, false),
            },
            ConditionKind::Locked { units } => match weight {
                None => self.add_whole(rows, units),
                Some(weight) => self.add_pieces(rows, units, weight, true),
            },
            ConditionKind::Apart { units } => self.add_apart(rows, units, weight),
            ConditionKind::Change { zone_of_unit, weight: counts, most } => {
                self.add_change(rows, zone_of_unit, counts, *most, weight);
            }
            ConditionKind::Limit { measure, most } => self.add_limit(rows, measure, *most, weight),
        }
    }

    /// What each zone, or each of some, is asked by itself.
    fn add_of_each_zone(
        &mut self,
        rows: &mut RowProblem,
        kind: &ConditionKind,
        weight: Option<u64>,
        zones: Option<&Zones>,
    ) {
        match kind {
            ConditionKind::Amount { held, least, most, .. } => {
                // A hard lower limit of every zone is among the needs.
                if *least > 0 && (weight.is_some() || zones.is_some()) {
                    self.add_least(rows, held, *least, weight, zones);
                }
                if let Some(most) = most {
                    self.add_most(rows, held, *most, weight, zones);
                }
            }
            ConditionKind::Covered { patches, tolerated } => {
                self.add_covered(rows, patches, tolerated, weight, zones);
            }
            ConditionKind::Balance { surplus, most } => {
                self.add_balance(rows, surplus, *most, weight, zones);
            }
            _ => (),
        }
    }

    /// asked[h] ≥ x[u,h] for each unit u that tells these zones apart, or asked[h] ≥ x[u(h),h] − Σ_u x[u,h]
    /// where it tells the others. `None` = every zone is asked.
    fn asked(&self, rows: &mut RowProblem, lead: usize, zones: Option<&Zones>) -> Option<Col> {
        let zones = zones?;
        let asked = rows.add_column(0.0, 0..=1);
        let told = self.terms_of(lead, zones.units());
        match zones {
            Zones::With(_) => {
                for (column, _) in told {
                    rows.add_row(0.., [(asked, 1.0), (column, -1.0)]);
                }
            }
            Zones::Without(_) => {
                let own = self.own_column(lead).map(|own| (own, -1.0));
                rows.add_row(0.., merged(told.into_iter().chain(own).chain([(asked, 1.0)]).collect()));
            }
        }
        Some(asked)
    }

    /// A column for the breach of a soft condition, each of which counts `amount` units of breach.
    fn breach(&mut self, rows: &mut RowProblem, weight: u64, amount: f64) -> Col {
        let cost = weight as f64 * amount;
        if let Some(ledger) = &mut self.ledger {
            let column = rows.add_column(0.0, 0..);
            ledger.push((column, cost));
            return column;
        }
        let column = rows.add_column(cost / self.scale, 0..);
        self.priced.push((column, cost / self.scale));
        column
    }

    /// x of these units for a lead.
    fn terms_of(&self, lead: usize, units: &[usize]) -> Terms {
        units.iter().filter_map(|unit| self.columns[lead][*unit]).map(|column| (column, 1.0)).collect()
    }

    /// Σ_i min(1, held[i] ÷ least)·x[i,h] + missing[h] ≥ x[u(h),h].
    fn add_least(
        &mut self,
        rows: &mut RowProblem,
        held: &[u64],
        least: u64,
        weight: Option<u64>,
        zones: Option<&Zones>,
    ) {
        for lead in self.usable().collect::<Vec<_>>() {
            let shares = self.shares(lead, least, |unit| held[unit]).into_iter();
            let mut terms: Terms = shares.map(|(column, share)| (column, -share)).collect();
            terms.extend(weight.map(|weight| (self.breach(rows, weight, least as f64), -1.0)));
            let asked = self.asked(rows, lead, zones);
            add_row(rows, terms, asked);
        }
    }

    /// Σ_i held[i] ÷ most · x[i,h] ≤ x[u(h),h] + excess[h].
    fn add_most(
        &mut self,
        rows: &mut RowProblem,
        held: &[u64],
        most: u64,
        weight: Option<u64>,
        zones: Option<&Zones>,
    ) {
        let whole = most.max(1) as f64;
        for lead in self.usable().collect::<Vec<_>>() {
            let own = self.own(lead);
            let limit = |unit: usize| if unit == own { most as f64 / whole } else { 0.0 };
            let terms = self.reach[lead].iter().filter_map(|&unit| {
                Some((self.columns[lead][unit]?, held[unit] as f64 / whole - limit(unit)))
            });
            let mut terms: Terms = terms.filter(|(_, factor)| *factor != 0.0).collect();
            if let Some(weight) = weight {
                terms.push((self.breach(rows, weight, whole), -1.0));
            }
            let asked = self.asked(rows, lead, zones);
            add_row(rows, terms, asked);
        }
    }

    /// x[i,h] = x[j,h] for units that stay together.
    fn add_whole(&self, rows: &mut RowProblem, units: &[usize]) {
        for pair in units.windows(2) {
            for columns in &self.columns {
                // The reach has both or none.
                if let (Some(a), Some(b)) = (columns[pair[0]], columns[pair[1]]) {
                    rows.add_row(0..=0, [(a, 1.0), (b, -1.0)]);
                }
            }
        }
    }

    /// held[h] ≥ x[i,h] for these units; more than one such zone is a breach, and if they should be
    /// alone, so is every other unit in it.
    fn add_pieces(&mut self, rows: &mut RowProblem, units: &[usize], weight: u64, alone: bool) {
        let mut pieces = Terms::new();
        for lead in self.usable().collect::<Vec<_>>() {
            let piece = rows.add_column(0.0, 0..=1);
            for (column, _) in self.terms_of(lead, units) {
                rows.add_row(0.., [(piece, 1.0), (column, -1.0)]);
            }
            pieces.push((piece, 1.0));
            let reach = self.reach[lead].iter().filter(|unit| alone && !units.contains(unit));
            let others: Vec<Col> = reach.filter_map(|unit| self.columns[lead][*unit]).collect();
            for other in others {
                let stranger = self.breach(rows, weight, 1.0);
                rows.add_row(-1.0.., [(stranger, 1.0), (other, -1.0), (piece, -1.0)]);
            }
        }
        pieces.push((self.breach(rows, weight, 1.0), -1.0));
        rows.add_row(..=1.0, pieces);
    }

    /// Σ_{i∈units} x[i,h] ≤ x[u(h),h] + breach[h].
    fn add_apart(&mut self, rows: &mut RowProblem, units: &[usize], weight: Option<u64>) {
        for lead in self.usable().collect::<Vec<_>>() {
            let mut terms = self.terms_of(lead, units);
            if units.contains(&self.own(lead)) {
                terms.retain(|(column, _)| Some(*column) != self.own_column(lead));
            } else {
                terms.extend(self.own_column(lead).map(|own| (own, -1.0)));
            }
            terms.extend(weight.map(|weight| (self.breach(rows, weight, 1.0), -1.0)));
            rows.add_row(..=0.0, terms);
        }
    }

    /// kept[i,h] ≤ x[i,h] and ≤ m[g,h] for the old zone g of unit i, where m is an assignment of old
    /// zones to leads; Σ counts·kept ≥ Σ counts − most − beyond.
    fn add_change(
        &mut self,
        rows: &mut RowProblem,
        old: &[usize],
        counts: &[u64],
        most: u64,
        weight: Option<u64>,
    ) {
        let total = counts.iter().sum::<u64>().max(1);
        let zones = old.iter().max().map_or(0, |zone| zone + 1);
        let mut heirs = vec![Terms::new(); zones];
        let mut kept = Terms::new();
        for lead in self.usable().collect::<Vec<_>>() {
            let mut heritage: Vec<Option<Col>> = vec![None; zones];
            for &unit in &self.reach[lead] {
                let Some(column) = self.columns[lead][unit].filter(|_| counts[unit] > 0) else { continue };
                let heir = *heritage[old[unit]].get_or_insert_with(|| rows.add_column(0.0, 0..=1));
                let stays = rows.add_column(0.0, 0..=1);
                rows.add_row(0.., [(column, 1.0), (stays, -1.0)]);
                rows.add_row(0.., [(heir, 1.0), (stays, -1.0)]);
                kept.push((stays, counts[unit] as f64 / total as f64));
            }
            let one: Terms = heritage.iter().flatten().map(|heir| (*heir, 1.0)).collect();
            rows.add_row(..=1.0, one);
            for (zone, heir) in heritage.into_iter().enumerate() {
                heirs[zone].extend(heir.map(|heir| (heir, 1.0)));
            }
        }
        for heirs in heirs {
            rows.add_row(..=1.0, heirs);
        }
        kept.extend(weight.map(|weight| (self.breach(rows, weight, total as f64), 1.0)));
        // A hair of tolerance for the shares; the answer is checked in whole numbers.
        rows.add_row(total.saturating_sub(most) as f64 / total as f64 - 1e-9.., kept);
    }

    /// open[p,h] ≥ x[i,h] − Σ_{j∈by(p)} x[j,h] for each patch p of unit i;
    /// Σ_p weight·open[p,h] ≤ Σ_i tolerated[i]·x[i,h] + beyond[h].
    fn add_covered(
        &mut self,
        rows: &mut RowProblem,
        patches: &[Patch],
        tolerated: &[u64],
        weight: Option<u64>,
        zones: Option<&Zones>,
    ) {
        let heaviest = patches.iter().map(|patch| patch.weight).max().unwrap_or(1).max(1) as f64;
        // Where nothing is tolerated in any zone, each patch is paid for by itself.
        let singly = weight.filter(|_| zones.is_none() && tolerated.iter().all(|tolerated| *tolerated == 0));
        for lead in self.usable().collect::<Vec<_>>() {
            let own = self.own(lead);
            let mut beyond = Terms::new();
            for patch in patches.iter().filter(|patch| patch.weight > 0) {
                let Some(column) = self.columns[lead][patch.unit] else { continue };
                if patch.by.contains(&own) || patch.by.contains(&patch.unit) {
                    continue;
                }
                let by: BTreeSet<usize> = patch.by.iter().copied().collect();
                let cover = self.terms_of(lead, &by.into_iter().collect::<Vec<_>>());
                let open = match singly {
                    Some(weight) => self.breach(rows, weight, patch.weight as f64),
                    None if cover.is_empty() => {
                        beyond.push((column, patch.weight as f64 / heaviest));
                        continue;
                    }
                    None => rows.add_column(0.0, 0..=1),
                };
                beyond.push((open, patch.weight as f64 / heaviest));
                rows.add_row(0.., [vec![(open, 1.0), (column, -1.0)], cover].concat());
            }
            if singly.is_some() || beyond.is_empty() {
                continue;
            }
            for &unit in &self.reach[lead] {
                beyond.extend(self.columns[lead][unit].map(|x| (x, -(tolerated[unit] as f64) / heaviest)));
            }
            beyond.extend(weight.map(|weight| (self.breach(rows, weight, heaviest), -1.0)));
            let asked = self.asked(rows, lead, zones);
            add_row(rows, merged(beyond), asked);
        }
    }

    /// ±Σ_i surplus[i]·x[i,h] ≤ most·x[u(h),h] + beyond[h].
    fn add_balance(
        &mut self,
        rows: &mut RowProblem,
        surplus: &[i64],
        most: u64,
        weight: Option<u64>,
        zones: Option<&Zones>,
    ) {
        let heaviest = surplus.iter().map(|surplus| surplus.unsigned_abs()).max().unwrap_or(1).max(1) as f64;
        for lead in self.usable().collect::<Vec<_>>() {
            let own = self.own(lead);
            let beyond = weight.map(|weight| (self.breach(rows, weight, heaviest), -1.0));
            let asked = self.asked(rows, lead, zones);
            for sign in [1.0, -1.0] {
                let limit = |unit: usize| if unit == own { most as f64 } else { 0.0 };
                let factor = |unit: usize| (sign * surplus[unit] as f64 - limit(unit)) / heaviest;
                let reach = self.reach[lead].iter();
                let terms = reach.filter_map(|&unit| Some((self.columns[lead][unit]?, factor(unit))));
                add_row(rows, terms.chain(beyond).collect(), asked);
            }
        }
    }

    /// Σ weight·quantity ≤ most + beyond over the quantities of a measure.
    fn add_limit(&mut self, rows: &mut RowProblem, measure: &Measure, most: u64, weight: Option<u64>) {
        let outer = self.ledger.replace(Terms::new());
        for (kind, weight) in &measure.breaches {
            self.add_kind(rows, kind, Some(*weight));
        }
        let mut terms = std::mem::replace(&mut self.ledger, outer).unwrap_or_default();
        for lead in self.usable() {
            for &unit in &self.reach[lead] {
                let value = worth(self.problem, measure, lead, unit);
                terms.extend(self.columns[lead][unit].map(|column| (column, value as f64)));
            }
        }
        let scale = power_of_two(terms.iter().map(|(_, factor)| *factor as u64).max().unwrap_or(0));
        terms.retain(|(_, factor)| *factor != 0.0);
        for (_, factor) in &mut terms {
            *factor /= scale;
        }
        let limit = most as f64 / scale;
        match weight {
            Some(weight) => {
                terms.push((self.breach(rows, weight, scale), -1.0));
                rows.add_row(..=limit, terms);
            }
            // The answer is checked in whole numbers.
            None => rows.add_row(..=limit + tolerance(limit), terms),
        }
    }
}

/// Σ terms ≤ 0, if the zone is asked; otherwise they may be as high as they get.
fn add_row(rows: &mut RowProblem, mut terms: Terms, asked: Option<Col>) {
    let highest = asked.map_or(0.0, |_| terms.iter().map(|(_, factor)| factor.max(0.0)).sum());
    terms.extend(asked.map(|asked| (asked, highest)));
    rows.add_row(..=highest, terms);
}

/// The weight of a soft condition; `None` = hard.
fn weight(condition: &Condition) -> Option<u64> {
    match condition.strength {
        Strength::Hard => None,
        Strength::Soft { weight } => Some(weight),
    }
}

/// What a unit in the zone of a lead adds to a measure, but for breaches.
pub(super) fn worth(problem: &Problem, measure: &Measure, lead: usize, unit: usize) -> u64 {
    let zone = if problem.leads[lead].unit == unit { measure.zones } else { 0 };
    measure.travel * problem.cost[unit][lead].unwrap_or_default() + zone
}

/// One term for each column.
fn merged(terms: Terms) -> Terms {
    let mut by_column: BTreeMap<usize, (Col, f64)> = BTreeMap::new();
    for (column, factor) in terms {
        by_column.entry(column.index()).or_insert((column, 0.0)).1 += factor;
    }
    by_column.into_values().filter(|(_, factor)| *factor != 0.0).collect()
}
