//! What the tags of OpenStreetMap say about cars: a way as a road, a node as a barrier.
//!
//! Keys as in the OpenStreetMap wiki (Key:access, Key:oneway, Key:maxspeed, Conditional restrictions,
//! Key:duration); what their values mean for a car stands in the profile's table.

use crate::network::profile::{Access, Profile};
use std::num::NonZeroU8;

/// Class of a ferry, beside the positions in [`Profile::classes`].
pub const FERRY: u8 = u8::MAX;

/// A way that cars can use.
#[derive(Clone, Debug, Default, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a tag of its own")]
pub struct RoadWay {
    /// OpenStreetMap id.
    pub id: i64,
    /// Position in [`Profile::classes`], or [`FERRY`].
    pub class: u8,
    /// Whether cars may drive in the order of the nodes.
    pub forward: bool,
    /// Whether cars may drive against the order of the nodes.
    pub backward: bool,
    /// Bridge or tunnel: nobody lives on it.
    pub structure: bool,
    /// Open, or for the beginning and end of journeys only. Closed ways are not read.
    pub access: Access,
    /// 冬期閉鎖: closed in the season of snow.
    pub winter_closed: bool,
    /// Whether cars pay.
    pub toll: bool,
    /// Speed limit in km/h along the nodes and against them, where the map tells it.
    pub limit_kmh: [Option<NonZeroU8>; 2],
    /// Sailing time of a ferry in minutes, where the map gives it.
    pub duration_minutes: Option<f64>,
    /// Ids of its nodes; after [`crate::network::osm::read`], positions in
    /// [`crate::network::osm::Roads::places`].
    pub nodes: Vec<i64>,
}

/// What stands at a node of a road.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeMark {
    /// A traffic signal.
    Signal,
    /// A barrier that only those pass whose journey begins or ends behind it.
    PrivateGate,
    /// A barrier that no car passes.
    Wall,
}

/// A tag that says nothing a car can use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Odd {
    /// OpenStreetMap id of the way.
    pub way: i64,
    /// The key.
    pub key: &'static str,
    /// Its value.
    pub said: String,
}

/// Access keys, the most specific first, each with its conditional form.
const ACCESS: [(&str, &str); 4] = [
    ("motorcar", "motorcar:conditional"),
    ("motor_vehicle", "motor_vehicle:conditional"),
    ("vehicle", "vehicle:conditional"),
    ("access", "access:conditional"),
];

/// Keys and values of a way or a node.
pub type Tags<'a> = [(&'a str, &'a str)];

fn value<'a>(tags: &Tags<'a>, key: &str) -> Option<&'a str> {
    tags.iter().find(|(name, _)| *name == key).map(|(_, value)| *value)
}

/// A way as a road, if cars may ever use it; its nodes are left empty. Values that cannot be
/// understood are told in `odd`.
#[must_use]
pub fn road(id: i64, tags: &Tags<'_>, profile: &Profile, odd: &mut Vec<Odd>) -> Option<RoadWay> {
    let ferry = value(tags, "route") == Some("ferry");
    let class = if ferry { FERRY } else { profile.class(value(tags, "highway")?)? };
    let mut tell = |key: &'static str, said: &str| odd.push(Odd { way: id, key, said: said.to_owned() });
    let (access, winter_closed) = access(tags, ferry, profile, &mut tell);
    if access == Access::Closed {
        return None;
    }
    let one_way = profile.classes.get(usize::from(class)).is_some_and(|class| class.one_way);
    let (forward, backward) = directions(tags, one_way);
    if !forward && !backward {
        tell("oneway", "reversible");
        return None;
    }
    let mut limit = |keys: [&'static str; 2]| {
        let (key, said) = keys.into_iter().find_map(|key| Some((key, value(tags, key)?)))?;
        speed_limit(said).unwrap_or_else(|()| {
            tell(key, said);
            None
        })
    };
    let limit_kmh = [limit(["maxspeed:forward", "maxspeed"]), limit(["maxspeed:backward", "maxspeed"])];
    let duration_minutes = value(tags, "duration").filter(|_| ferry).and_then(|said| {
        let minutes = duration_minutes(said).filter(|minutes| *minutes > 0.0);
        if minutes.is_none() {
            tell("duration", said);
        }
        minutes
    });
    let says = |key: &str| value(tags, key).is_some_and(|said| said != "no");
    Some(RoadWay {
        id,
        class,
        forward,
        backward,
        structure: says("bridge") || says("tunnel"),
        access,
        winter_closed,
        toll: says("toll:motorcar") || (says("toll") && value(tags, "toll:motorcar").is_none()),
        limit_kmh,
        duration_minutes,
        nodes: Vec::new(),
    })
}

/// What stands at a node. A barrier is passed unless the table or its own access tags say otherwise.
#[must_use]
pub fn node_mark(tags: &Tags<'_>, profile: &Profile) -> Option<NodeMark> {
    if value(tags, "highway") == Some("traffic_signals") {
        return Some(NodeMark::Signal);
    }
    let kind = value(tags, "barrier")?;
    match told_access(tags, profile) {
        Some(Access::Open) => None,
        Some(Access::Destination) => Some(NodeMark::PrivateGate),
        Some(Access::Closed) => Some(NodeMark::Wall),
        None if profile.barrier.closed.iter().any(|closed| closed == kind) => Some(NodeMark::Wall),
        None if value(tags, "locked") == Some("yes") => Some(NodeMark::PrivateGate),
        None => None,
    }
}

/// Access of a way, and whether it is closed in winter. Ferries carry cars only when they say so.
fn access(
    tags: &Tags<'_>,
    ferry: bool,
    profile: &Profile,
    tell: &mut impl FnMut(&'static str, &str),
) -> (Access, bool) {
    let restricted = || {
        let rows = profile.restrictions.iter();
        let rows = rows.filter(|row| is_one_of(value(tags, &row.key), &row.values));
        rows.map(|row| row.access).max().unwrap_or_default()
    };
    let untold = || if ferry { Access::Closed } else { restricted() };
    let all_year = told_access(tags, profile).unwrap_or_else(untold);
    let conditional = ACCESS.into_iter().find_map(|(_, key)| Some((key, value(tags, key)?)));
    if let Some((key, said)) = conditional {
        match in_winter(said, all_year, profile) {
            Some(access) => return (access, true),
            None => tell(key, said),
        }
    }
    let is_winter_closed =
        profile.winter_closed.iter().any(|row| is_one_of(value(tags, &row.key), &row.values));
    (all_year, is_winter_closed)
}

fn is_one_of(said: Option<&str>, values: &[String]) -> bool {
    said.is_some_and(|said| values.iter().any(|value| value == said))
}

/// The most specific access tag decides; of several values the most permissive.
fn told_access(tags: &Tags<'_>, profile: &Profile) -> Option<Access> {
    ACCESS.into_iter().find_map(|(key, _)| value(tags, key)).map(|said| meaning(said, profile))
}

fn meaning(said: &str, profile: &Profile) -> Access {
    let one = |said: &str| {
        let named = |values: &[String]| values.iter().any(|value| value == said.trim());
        match () {
            () if named(&profile.access.closed) => Access::Closed,
            () if named(&profile.access.destination) => Access::Destination,
            () => Access::Open,
        }
    };
    said.split(';').map(one).min().unwrap_or_default()
}

/// Access outside of winter of a road that a conditional restriction (`no @ (Nov-Apr)`,
/// `yes @ (May-Oct)` on a closed road) closes in winter; `None` when it says anything else.
fn in_winter(conditional: &str, all_year: Access, profile: &Profile) -> Option<Access> {
    conditional.split(';').filter_map(|part| part.split_once('@')).find_map(|(what, when)| {
        let (then, winter) = (meaning(what.trim(), profile), is_winter(when)?);
        match (then, winter) {
            (Access::Closed, true) if all_year != Access::Closed => Some(all_year),
            (Access::Open | Access::Destination, false) if all_year == Access::Closed => Some(then),
            _ => None,
        }
    })
}

/// Whether a condition means the time of snow: it says so, or its months hold January. `None` when
/// it is about something else than the season.
fn is_winter(condition: &str) -> Option<bool> {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let condition = condition.to_lowercase();
    let words = condition.split(|letter: char| !letter.is_ascii_alphabetic());
    let months: Vec<usize> =
        words.filter_map(|word| MONTHS.iter().position(|month| word.get(..3) == Some(month))).collect();
    match months[..] {
        _ if condition.contains("winter") || condition.contains("snow") => Some(true),
        [] if condition.contains("summer") => Some(false),
        [] => None,
        [only] => Some(only == 0),
        [first, .., last] => Some(first == 0 || last == 0 || first > last),
    }
}

/// One-way by tag, by roundabout, or by class. A lane whose direction changes by the hour
/// (`reversible`) is closed, since nobody knows when; one that is used in turns (`alternating`) is open.
fn directions(tags: &Tags<'_>, one_way_class: bool) -> (bool, bool) {
    let keys = ["oneway:motorcar", "oneway:motor_vehicle", "oneway:vehicle", "oneway"];
    match keys.into_iter().find_map(|key| value(tags, key)) {
        Some("yes" | "true" | "1") => (true, false),
        Some("-1" | "reverse") => (false, true),
        Some("no" | "false" | "0" | "alternating") => (true, true),
        Some("reversible") => (false, false),
        _ if one_way_class || matches!(value(tags, "junction"), Some("roundabout" | "circular")) => {
            (true, false)
        }
        _ => (true, true),
    }
}

/// `40`, `40 km/h` or `25 mph`; values that are no number by definition are no limit.
fn speed_limit(said: &str) -> Result<Option<NonZeroU8>, ()> {
    if said.contains(':') || matches!(said, "none" | "signals" | "variable" | "walk" | "implicit") {
        return Ok(None);
    }
    let (number, in_kmh) = match said.strip_suffix("mph") {
        Some(number) => (number, 1.609_344),
        None => (said.strip_suffix("km/h").unwrap_or(said), 1.0),
    };
    let kmh = number.trim().parse::<f64>().map_err(|_| ())? * in_kmh;
    if (1.0..=200.0).contains(&kmh) { Ok(NonZeroU8::new(kmh.round() as u8)) } else { Err(()) }
}

/// `HH:MM`, `HH:MM:SS`, plain minutes, or ISO 8601 such as `PT1H30M`.
fn duration_minutes(said: &str) -> Option<f64> {
    if let Some(period) = said.strip_prefix('P') {
        return iso_minutes(period);
    }
    let number = |part: &str| part.trim().parse::<u32>().ok().map(f64::from);
    let parts = said.split(':').map(number).collect::<Option<Vec<_>>>()?;
    match parts[..] {
        [minutes] => Some(minutes),
        [hours, minutes] => Some(hours * 60.0 + minutes),
        [hours, minutes, seconds] => Some(hours * 60.0 + minutes + seconds / 60.0),
        _ => None,
    }
}

/// What follows the `P` of an ISO 8601 duration, from days to seconds.
fn iso_minutes(period: &str) -> Option<f64> {
    let (days, time) = period.split_once('T').unwrap_or((period, ""));
    let mut minutes = 0.0;
    for (part, units) in
        [(days, [('D', 1_440.0)].as_slice()), (time, &[('H', 60.0), ('M', 1.0), ('S', 1.0 / 60.0)])]
    {
        let mut rest = part;
        for (unit, in_minutes) in units {
            if let Some((number, after)) = rest.split_once(*unit) {
                minutes += f64::from(number.parse::<u32>().ok()?) * in_minutes;
                rest = after;
            }
        }
        if !rest.is_empty() {
            return None;
        }
    }
    Some(minutes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(tags: &Tags<'_>) -> (Option<RoadWay>, Vec<Odd>) {
        let mut odd = Vec::new();
        let road = road(7, tags, &Profile::planning().unwrap(), &mut odd);
        (road, odd)
    }

    /// A residential road with further tags.
    fn street(tags: &[(&'static str, &'static str)]) -> Option<RoadWay> {
        read(&[&[("highway", "residential")], tags].concat()).0
    }

    #[test]
    fn one_way_is_known_in_all_its_spellings() {
        for (tags, expected) in [
            (vec![], Some((true, true))),
            (vec![("oneway", "yes")], Some((true, false))),
            (vec![("oneway", "true")], Some((true, false))),
            (vec![("oneway", "1")], Some((true, false))),
            (vec![("oneway", "-1")], Some((false, true))),
            (vec![("oneway", "reverse")], Some((false, true))),
            (vec![("oneway", "no")], Some((true, true))),
            (vec![("oneway", "alternating")], Some((true, true))),
            (vec![("oneway", "reversible")], None),
            (vec![("oneway", "yes"), ("oneway:motor_vehicle", "no")], Some((true, true))),
            (vec![("oneway:motor_vehicle", "no"), ("oneway:motorcar", "-1")], Some((false, true))),
            (vec![("oneway:conditional", "yes @ (07:00-09:00)")], Some((true, true))),
            (vec![("junction", "roundabout")], Some((true, false))),
            (vec![("junction", "circular")], Some((true, false))),
            (vec![("junction", "circular"), ("oneway", "no")], Some((true, true))),
        ] {
            assert_eq!(street(&tags).map(|road| (road.forward, road.backward)), expected, "{tags:?}");
        }
        let motorway = |tags: &Tags<'_>| read(tags).0.map(|road| (road.forward, road.backward));
        assert_eq!(motorway(&[("highway", "motorway")]), Some((true, false)));
        assert_eq!(motorway(&[("highway", "motorway"), ("oneway", "no")]), Some((true, true)));
        assert_eq!(motorway(&[("highway", "motorway_link")]), Some((true, true)));
    }

    #[test]
    fn the_most_specific_access_tag_decides_and_of_its_values_the_most_permissive() {
        use Access::{Destination, Open};
        for (tags, expected) in [
            (vec![], Some(Open)),
            (vec![("access", "no")], None),
            (vec![("access", "no"), ("motorcar", "yes")], Some(Open)),
            (vec![("access", "yes"), ("motor_vehicle", "no")], None),
            (vec![("vehicle", "no"), ("motor_vehicle", "designated")], Some(Open)),
            (vec![("access", "private")], Some(Destination)),
            (vec![("motor_vehicle", "destination")], Some(Destination)),
            (vec![("access", "customers")], Some(Destination)),
            (vec![("motorcar", "permit"), ("access", "yes")], Some(Destination)),
            (vec![("motor_vehicle", "agricultural;forestry")], None),
            (vec![("motor_vehicle", "agricultural; private")], Some(Destination)),
            (vec![("access", "emergency")], None),
            (vec![("access", "word_of_nobody")], Some(Open)),
        ] {
            assert_eq!(street(&tags).map(|road| road.access), expected, "{tags:?}");
        }
    }

    #[test]
    fn tracks_and_service_roads_go_by_the_table_unless_their_access_is_told() {
        let access = |tags: &Tags<'_>| read(tags).0.map(|road| road.access);
        let track = ("highway", "track");
        assert_eq!(access(&[track]), Some(Access::Open));
        assert_eq!(access(&[track, ("tracktype", "grade2")]), Some(Access::Open));
        assert_eq!(access(&[track, ("tracktype", "grade5")]), None);
        assert_eq!(access(&[track, ("tracktype", "grade5"), ("motor_vehicle", "yes")]), Some(Access::Open));
        assert_eq!(access(&[("highway", "service"), ("service", "emergency_access")]), None);
        assert_eq!(access(&[("highway", "construction")]), None);
        assert_eq!(access(&[("highway", "footway")]), None);
        assert_eq!(access(&[("building", "yes")]), None);
    }

    #[test]
    fn ferries_carry_cars_when_they_say_so() {
        let ferry = |tags: &[(&'static str, &'static str)]| read(&[&[("route", "ferry")], tags].concat()).0;
        assert_eq!(ferry(&[]), None);
        assert_eq!(ferry(&[("foot", "yes")]), None);
        assert_eq!(ferry(&[("motor_vehicle", "no")]), None);
        let road = ferry(&[("motorcar", "yes"), ("duration", "PT45M")]).unwrap();
        assert_eq!((road.class, road.duration_minutes), (FERRY, Some(45.0)));
    }

    #[test]
    fn roads_that_are_closed_in_winter_are_known_by_condition_or_season() {
        for (tags, expected) in [
            (vec![("access:conditional", "no @ (Nov-Apr)")], Some((Access::Open, true))),
            (vec![("motor_vehicle:conditional", "no @ (Dec 1-Mar 31)")], Some((Access::Open, true))),
            (vec![("vehicle:conditional", "no @ winter")], Some((Access::Open, true))),
            (vec![("motorcar:conditional", "no @ (snow)")], Some((Access::Open, true))),
            (vec![("access", "no"), ("access:conditional", "yes @ (May-Oct)")], Some((Access::Open, true))),
            (
                vec![("access", "private"), ("access:conditional", "no @ (Nov-Apr)")],
                Some((Access::Destination, true)),
            ),
            (vec![("access:conditional", "no @ (Jun-Aug)")], Some((Access::Open, false))),
            (vec![("access:conditional", "no @ (07:00-09:00)")], Some((Access::Open, false))),
            (vec![("access", "no"), ("access:conditional", "yes @ (22:00-06:00)")], None),
            (vec![("seasonal", "yes")], Some((Access::Open, true))),
            (vec![("seasonal", "winter")], Some((Access::Open, false))),
            (vec![("winter_service", "no")], Some((Access::Open, true))),
        ] {
            assert_eq!(street(&tags).map(|road| (road.access, road.winter_closed)), expected, "{tags:?}");
        }
        let (_, odd) = read(&[("highway", "road"), ("access:conditional", "no @ (07:00-09:00)")]);
        assert_eq!(odd[0], Odd { way: 7, key: "access:conditional", said: "no @ (07:00-09:00)".to_owned() });
    }

    #[test]
    fn tolls_bridges_and_tunnels_are_noted() {
        let road = |tags| street(tags).unwrap();
        assert!(road(&[("toll", "yes")]).toll);
        assert!(!road(&[("toll", "no")]).toll);
        assert!(!road(&[("toll", "yes"), ("toll:motorcar", "no")]).toll);
        assert!(!road(&[("toll:hgv", "yes")]).toll);
        assert!(road(&[("bridge", "yes")]).structure);
        assert!(road(&[("tunnel", "building_passage")]).structure);
        assert!(!road(&[("tunnel", "no")]).structure);
    }

    #[test]
    fn speed_limits_are_numbers_and_others_are_told() {
        let limits = |tags| street(tags).unwrap().limit_kmh.map(|limit| limit.map(NonZeroU8::get));
        assert_eq!(limits(&[]), [None, None]);
        assert_eq!(limits(&[("maxspeed", "40")]), [Some(40), Some(40)]);
        assert_eq!(limits(&[("maxspeed", "50 km/h"), ("maxspeed:backward", "30")]), [Some(50), Some(30)]);
        assert_eq!(limits(&[("maxspeed", "25 mph")]), [Some(40), Some(40)]);
        for said in ["none", "JP:urban", "signals"] {
            assert_eq!(read(&[("highway", "road"), ("maxspeed", said)]).1, [], "{said}");
        }
        for said in ["0", "-30", "400", "fourty", "", "nan", "inf", "60;50"] {
            let (road, odd) = read(&[("highway", "road"), ("maxspeed", said)]);
            assert_eq!(road.unwrap().limit_kmh, [None, None], "{said}");
            assert_eq!((odd[0].key, odd[0].said.as_str()), ("maxspeed", said));
        }
    }

    #[test]
    fn sailing_times_are_read_in_every_form() {
        for (said, expected) in [
            ("00:45", Some(45.0)),
            ("1:30:30", Some(90.5)),
            ("25", Some(25.0)),
            ("PT45M", Some(45.0)),
            ("PT1H", Some(60.0)),
            ("PT1H30M30S", Some(90.5)),
            ("P1DT1H", Some(1_500.0)),
            ("P1D", Some(1_440.0)),
            ("PT30M1H", None),
            ("P", Some(0.0)),
            ("PT-5M", None),
            ("1:2:3:4", None),
            ("about an hour", None),
            ("", None),
        ] {
            assert_eq!(duration_minutes(said), expected, "{said}");
        }
        let ferry = [("route", "ferry"), ("motor_vehicle", "yes"), ("duration", "P")];
        let (road, odd) = read(&ferry);
        assert_eq!(road.unwrap().duration_minutes, None, "no ferry takes no time");
        assert_eq!(odd[0].key, "duration");
    }

    #[test]
    fn gates_are_passed_unless_they_are_locked_private_or_no_way_for_cars() {
        let profile = Profile::planning().unwrap();
        let mark = |tags: &Tags<'_>| node_mark(tags, &profile);
        assert_eq!(mark(&[]), None);
        assert_eq!(mark(&[("highway", "traffic_signals")]), Some(NodeMark::Signal));
        assert_eq!(mark(&[("highway", "crossing")]), None);
        assert_eq!(mark(&[("barrier", "gate")]), None);
        assert_eq!(mark(&[("barrier", "toll_booth")]), None);
        assert_eq!(mark(&[("barrier", "gate"), ("locked", "yes")]), Some(NodeMark::PrivateGate));
        assert_eq!(mark(&[("barrier", "gate"), ("access", "private")]), Some(NodeMark::PrivateGate));
        assert_eq!(mark(&[("barrier", "lift_gate"), ("motor_vehicle", "no")]), Some(NodeMark::Wall));
        assert_eq!(mark(&[("barrier", "bollard")]), Some(NodeMark::Wall));
        assert_eq!(mark(&[("barrier", "bollard"), ("motorcar", "yes")]), None);
    }
}
