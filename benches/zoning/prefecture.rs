//! Invented prefectures with road graphs like real ones, from a seed: cities with a hinterland,
//! villages without any doctor, valleys joined by few roads.

use keniki::zoning::measure::Measure;
use keniki::zoning::problem::{Counted, Lead, MinResource, Problem, Unit, ZoneCount};

/// SplitMix64 (Steele, Lea & Flood 2014).
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// In [0, 1).
    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    fn between(&mut self, from: f64, to: f64) -> f64 {
        from + (to - from) * self.unit()
    }
}

type Point = (f64, f64);

fn distance(a: Point, b: Point) -> f64 {
    ((a.0 - b.0).powi(2) + (a.1 - b.1).powi(2)).sqrt()
}

/// People at 0.8 home-visit receipts per month and hundred.
const RECEIPTS_PER_PERSON: f64 = 0.008;
const LIMIT_MINUTES: f64 = 60.0;
const SHARE: f64 = 0.9;

/// A settlement of a unit.
struct Place {
    at: Point,
    people: f64,
}

/// A prefecture of so many municipalities, about 40 km² each; a zone needs the demand and the one
/// hub that the guideline asks for.
pub fn prefecture(units: usize, seed: u64) -> Problem {
    within(LIMIT_MINUTES, units, seed)
}

/// The travel from every lead of [`prefecture`] to every unit, be it ever so far.
pub fn all_travel(units: usize, seed: u64) -> Vec<Vec<Option<u64>>> {
    within(f64::INFINITY, units, seed).cost
}

/// The prefecture in which a lead may lead units within so many minutes.
fn within(limit_minutes: f64, units: usize, seed: u64) -> Problem {
    let mut chance = Chance::new(seed);
    let side = (units as f64 * 40.0).sqrt();
    let centres = scattered(&mut chance, units, side);
    let cities: Vec<Point> =
        (0..2 + units / 30).map(|_| centres[(chance.unit() * units as f64) as usize]).collect();
    let people: Vec<f64> = centres.iter().map(|at| people_at(&mut chance, *at, &cities)).collect();
    let roads = roads(&mut chance, &centres);
    let minutes = travel(&centres, &roads);
    let places: Vec<Vec<Place>> =
        centres.iter().zip(&people).map(|(at, people)| settlements(&mut chance, *at, *people)).collect();
    let leads = leads(&mut chance, &places, &people);
    let time = |lead: &(Lead, Point), unit: usize, place: &Place| {
        let (own, from) = (lead.0.unit, lead.1);
        let kilometres = |a, b| 1.3 * distance(a, b) / 40.0 * 60.0 + 1.0;
        if own == unit {
            return kilometres(from, place.at);
        }
        kilometres(from, centres[own]) + minutes[own][unit] + kilometres(centres[unit], place.at)
    };
    let cost = |unit: usize| {
        leads
            .iter()
            .map(|lead| {
                let (mut sum, mut near, mut total) = (0.0, 0.0, 0.0);
                for place in &places[unit] {
                    let minutes = time(lead, unit, place);
                    let milli = (place.people * RECEIPTS_PER_PERSON * 1_000.0).round();
                    sum += milli * (minutes * 600.0).round();
                    total += milli;
                    near += if minutes <= limit_minutes { milli } else { 0.0 };
                }
                (near > 0.0 && near >= SHARE * total).then_some(sum as u64)
            })
            .collect()
    };
    Problem {
        cost: (0..units).map(cost).collect(),
        units: people.iter().enumerate().map(|(at, people)| unit(&mut chance, at, *people)).collect(),
        leads: leads.into_iter().map(|(lead, _)| lead).collect(),
        neighbours: roads.into_iter().map(|(pair, _)| pair).collect(),
        min_demand_milli: 200_000,
        min_resources: vec![MinResource { name: "連携拠点の候補".to_owned(), least: 1 }],
        zone_count: ZoneCount::default(),
        closed: Vec::new(),
        conditions: Vec::new(),
        objective: Measure::travel(),
        counted: Counted::default(),
    }
}

/// Points that keep their distance: of eight tries the one farthest from the others.
fn scattered(chance: &mut Chance, units: usize, side: f64) -> Vec<Point> {
    let mut points: Vec<Point> = Vec::new();
    for _ in 0..units {
        let tries: Vec<Point> =
            (0..8).map(|_| (chance.between(0.0, side), chance.between(0.0, side))).collect();
        let gap = |at: &Point| points.iter().map(|other| distance(*at, *other)).fold(f64::INFINITY, f64::min);
        let farthest = tries.into_iter().max_by(|a, b| gap(a).total_cmp(&gap(b)));
        points.extend(farthest);
    }
    points
}

/// From 700 people in the mountains to a few hundred thousand in a city.
fn people_at(chance: &mut Chance, at: Point, cities: &[Point]) -> f64 {
    let near = cities.iter().map(|city| (-distance(at, *city) / 10.0).exp()).sum::<f64>();
    let spread = chance.unit() + chance.unit() + chance.unit() - 1.5;
    (7_000.0 * (2.2 * spread).exp() * (1.0 + 9.0 * near)).max(700.0)
}

/// Gabriel graph (planar, connected): two places are joined if no third lies in the circle between
/// them; a fifth of the longer ways is missing unless the place would lose its shortest one.
fn roads(chance: &mut Chance, centres: &[Point]) -> Vec<((usize, usize), f64)> {
    let mut roads = Vec::new();
    for a in 0..centres.len() {
        for b in a + 1..centres.len() {
            let (p, q) = (centres[a], centres[b]);
            let middle = (f64::midpoint(p.0, q.0), f64::midpoint(p.1, q.1));
            let radius = distance(p, q) / 2.0;
            let between = |other: &Point| *other != p && *other != q && distance(*other, middle) < radius;
            let lune = |other: &Point| {
                distance(*other, p) < 2.0 * radius
                    && distance(*other, q) < 2.0 * radius
                    && *other != p
                    && *other != q
            };
            let shortest = !centres.iter().any(lune);
            if !centres.iter().any(between) && (shortest || chance.unit() < 0.8) {
                roads.push(((a, b), 2.0 * radius * 1.3 / chance.between(35.0, 60.0) * 60.0));
            }
        }
    }
    roads
}

/// Minutes between all centres (Floyd 1962).
fn travel(centres: &[Point], roads: &[((usize, usize), f64)]) -> Vec<Vec<f64>> {
    let units = centres.len();
    let mut minutes = vec![vec![f64::INFINITY; units]; units];
    for ((a, b), time) in roads {
        minutes[*a][*b] = *time;
        minutes[*b][*a] = *time;
    }
    for via in 0..units {
        minutes[via][via] = 0.0;
        for from in 0..units {
            for to in 0..units {
                minutes[from][to] = minutes[from][to].min(minutes[from][via] + minutes[via][to]);
            }
        }
    }
    minutes
}

/// Five settlements within 6 km, the first one the largest.
fn settlements(chance: &mut Chance, centre: Point, people: f64) -> Vec<Place> {
    [0.45, 0.25, 0.15, 0.1, 0.05]
        .iter()
        .map(|part| {
            let off = (1.0 - part) * 6.0;
            let at = (centre.0 + chance.between(-off, off), centre.1 + chance.between(-off, off));
            Place { at, people: part * people }
        })
        .collect()
}

/// One lead for each 30,000 people or so, at the settlements.
fn leads(chance: &mut Chance, places: &[Vec<Place>], people: &[f64]) -> Vec<(Lead, Point)> {
    let mut leads = Vec::new();
    for (unit, people) in people.iter().enumerate() {
        for at in 0..(people / 30_000.0 + 0.6 * chance.unit()) as usize {
            let place = &places[unit][at % places[unit].len()];
            let near = (place.at.0 + chance.between(-1.0, 1.0), place.at.1 + chance.between(-1.0, 1.0));
            leads.push((Lead { id: format!("lead {unit}-{at}"), unit }, near));
        }
    }
    leads
}

fn unit(chance: &mut Chance, at: usize, people: f64) -> Unit {
    let hubs = (people / 60_000.0 + 0.7 * chance.unit()) as u32;
    Unit {
        name: format!("unit {at}"),
        demand_milli: (people * RECEIPTS_PER_PERSON * 1_000.0).round() as u64,
        resources: vec![hubs],
    }
}
