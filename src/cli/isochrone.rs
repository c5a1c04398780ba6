//! `keniki isochrone STUDY.toml --at LON,LAT --minutes 15,30 --out FILE.geojson`: what is reached
//! from a place, or from where it is reached.

use crate::access::isochrone::isochrones;
use crate::cli::bars::Bars;
use crate::cli::interrupt::unless_interrupted;
use crate::geometry::locate::Locator;
use crate::ingest::manifest::Manifest;
use crate::ingest::study::Study;
use crate::network::build::{Roadway, build, latitude};
use crate::network::hierarchy::sweep::{Engine, Pass};
use crate::network::isochrone::Sweep;
use crate::network::isochrone::drawing::Drawing;
use crate::network::isochrone::raster::Raster;
use crate::network::link::{Direction, Link, Linker};
use crate::network::profile::Profile;
use crate::progress::Progress;
use crate::publish::isochrone::Drawn;
use crate::publish::replace_geojson;
use crate::store::layer::Layer;
use crate::units::Deciseconds;
use anyhow::{Context, anyhow, bail};
use clap::Args;
use geo::Point;
use std::path::PathBuf;

/// Longest limit in minutes.
const LONGEST_MINUTES: u32 = 180;

/// What is asked for.
#[derive(Clone, Debug, Args)]
pub(super) struct Isochrone {
    /// 入力と条件を書いた study.toml
    study: PathBuf,
    /// 起点の経度,緯度（例 138.5684,35.6639）
    #[arg(long, value_name = "経度,緯度", required_unless_present = "facility", allow_hyphen_values = true)]
    at: Option<String>,
    /// 起点の施設のid（facilities.geojson の id）
    #[arg(long, value_name = "ID", conflicts_with = "at")]
    facility: Option<String>,
    /// 時間（分）。小さい順にコンマで区切る
    #[arg(long, value_name = "分,分,…", default_value = "15,30,45,60")]
    minutes: String,
    /// 起点から行ける範囲ではなく、起点まで来られる範囲
    #[arg(long)]
    inward: bool,
    /// 面の代わりに、届く道路の区間を書く
    #[arg(long)]
    edges: bool,
    /// 書き出すGeoJSONファイル（同じ名前のファイルは置き換わる）
    #[arg(long)]
    out: PathBuf,
}

/// Computes and writes the file, all of it or nothing.
pub(super) fn run(asked: &Isochrone) -> anyhow::Result<()> {
    let limits = limits(&asked.minutes)?;
    let at = asked.at.as_deref().map(point).transpose()?;
    let manifest = Manifest::read(&asked.study)?;
    let (asked, out) = (asked.clone(), asked.out.clone());
    let layer = unless_interrupted(move || asked.layer(&manifest, at, &limits))?;
    replace_geojson(&out, &layer)?;
    println!("{} に書きました", out.display());
    Ok(())
}

impl Isochrone {
    fn layer(&self, manifest: &Manifest, at: Option<Point>, limits: &[Deciseconds]) -> anyhow::Result<Layer> {
        let mut study = crate::ingest::read_study(manifest, &Bars)?;
        let profile = Profile::planning()?;
        let drawing = Drawing::shipped()?;
        let Roadway { network, linkage, hierarchy, metric } = build(&mut study, &profile, &Bars)?;
        let latitude = latitude(&study);
        let origin = match at {
            Some(at) => Linker::new(&network, &profile, latitude).link(at).ok_or_else(|| {
                anyhow!(
                    "--at {},{}: {} m以内に道路がありません。道路ファイルの範囲の中を「経度,緯度」の順に指定してください",
                    at.x(), at.y(), profile.access_leg.longest_m
                )
            })?,
            None => facility(&study, &linkage.institutions, self.facility.as_deref().unwrap_or_default())?,
        };
        let step = Bars.step("到達圏", 1);
        let direction = if self.inward { Direction::Inward } else { Direction::Outward };
        let engine = Engine::new(&hierarchy, &metric, direction);
        let mut pass = Pass::<1>::new(hierarchy.junctions());
        engine.sweep(&mut pass, &[&origin.begins(&network, direction)]);
        let times: Vec<u32> =
            (0..network.nodes.len() as u32).map(|node| engine.time(&pass, node, 0)).collect();
        let municipalities = study.municipalities.iter().map(|municipality| municipality.boundary.clone());
        let land: Vec<_> = municipalities.chain([study.unassigned_land.clone()]).collect();
        let raster = Raster::new(&network, &profile, latitude, &drawing, Some(&Locator::new(&land)));
        let origins = [origin];
        let sweep = Sweep::new(&network, &times, &origins, direction);
        let isochrones = isochrones(&study, &linkage.cells, &raster, &sweep, limits);
        let drawn = Drawn {
            study: &study,
            network: &network,
            profile: &profile,
            drawing: &drawing,
            origin: self.facility.as_deref().or(self.at.as_deref()).unwrap_or_default(),
            direction,
            isochrones: &isochrones,
        };
        let layer = if self.edges { drawn.roads() } else { drawn.areas() };
        step.advance(1);
        Ok(layer)
    }
}

/// Where an institution stands on the network.
fn facility(study: &Study, links: &[Option<Link>], id: &str) -> anyhow::Result<Link> {
    let mut known = study.institutions.iter().zip(links);
    let (institution, link) = known.find(|(institution, _)| institution.id == id).with_context(|| {
        format!("--facility {id}: この施設はありません。plan が作る layers/facilities.geojson の id を指定してください")
    })?;
    link.with_context(|| {
        let why = if institution.position.is_some() {
            "近くに道路がない"
        } else {
            "位置がわからない"
        };
        format!(
            "--facility {id}（{}）: {why}ため計算できません。--at で位置を指定してください",
            institution.name
        )
    })
}

/// Limits from `15,30,45`.
fn limits(said: &str) -> anyhow::Result<Vec<Deciseconds>> {
    let minutes: Option<Vec<u32>> = said.split(',').map(|one| one.trim().parse().ok()).collect();
    match minutes {
        Some(minutes)
            if minutes.is_sorted_by(|a, b| a < b)
                && minutes.iter().all(|one| (1..=LONGEST_MINUTES).contains(one)) =>
        {
            Ok(minutes.into_iter().map(Deciseconds::from_minutes).collect())
        }
        _ => bail!(
            "--minutes {said}: 1から{LONGEST_MINUTES}までの整数を小さい順にコンマで区切って指定してください（例 15,30,45,60）"
        ),
    }
}

/// A place from `138.5684,35.6639`.
fn point(said: &str) -> anyhow::Result<Point> {
    let degrees: Option<Vec<f64>> = said.split(',').map(|one| one.trim().parse().ok()).collect();
    match degrees.as_deref() {
        Some([x, y]) if x.abs() <= 180.0 && y.abs() <= 90.0 => Ok(Point::new(*x, *y)),
        _ => bail!("--at {said}: 経度,緯度を度で指定してください（例 138.5684,35.6639）"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_whole_minutes_in_ascending_order() {
        assert_eq!(limits("15, 30").unwrap(), [Deciseconds(9_000), Deciseconds(18_000)]);
        assert_eq!(limits("180").unwrap(), [Deciseconds(108_000)]);
        for wrong in ["", "0", "181", "30,15", "15,15", "15,,30", "1.5", "-3", "十五"] {
            let message = limits(wrong).unwrap_err().to_string();
            assert!(message.contains(&format!("--minutes {wrong}: 1から180まで")), "{message}");
        }
    }

    #[test]
    fn a_place_is_longitude_and_latitude() {
        assert_eq!(point("138.5684, 35.6639").unwrap(), Point::new(138.5684, 35.6639));
        for wrong in ["", "138.5", "1,2,3", "35.6,138.5", "x,y", "NaN,35"] {
            assert!(point(wrong).unwrap_err().to_string().contains("経度,緯度"), "{wrong}");
        }
    }
}
