//! `keniki isochrone STUDY.toml --at LON,LAT --minutes 15,30 --out FILE.geojson`: what is reached
//! from a place, or from where it is reached.

use crate::access::journeys::Journeys as Times;
use crate::cli::journeys::{Journeys, Place, minutes};
use crate::geometry::locate::Locator;
use crate::network::build::mean_latitude;
use crate::network::isochrone::Sweep;
use crate::network::isochrone::drawing::Drawing;
use crate::network::isochrone::edges::reached_parts;
use crate::network::isochrone::raster::Raster;
use crate::network::link::Direction;
use crate::publish::attributions::attributions;
use crate::publish::isochrone::Isochrones;
use crate::publish::replace_geojson;
use crate::units::Deciseconds;
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// 入力と条件を書いた study.toml
    study: PathBuf,
    #[command(flatten)]
    place: Place,
    /// 上限の分
    #[arg(long, value_delimiter = ',', default_value = "15,30,45,60")]
    minutes: Vec<u32>,
    /// 起点から行ける範囲ではなく、起点まで来られる範囲
    #[arg(long)]
    inward: bool,
    /// 面の代わりに、届く道路の区間を書く
    #[arg(long)]
    edges: bool,
    /// 条件を書いたシナリオの TOML ファイル
    #[arg(long)]
    scenario: Option<PathBuf>,
    /// 書き出すGeoJSONファイル（同じ名前のファイルは置き換わる）
    #[arg(long)]
    out: PathBuf,
}

/// Computes and writes the file, all of it or nothing.
pub(super) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let minutes = minutes(&arguments.minutes)?;
    let journeys = Journeys::read(&arguments.study, arguments.scenario.as_deref())?;
    let Journeys { study, places, profile, roadway } = &journeys;
    let direction = if arguments.inward { Direction::Inward } else { Direction::Outward };
    let origin = arguments.place.link(&journeys)?;
    let times = Times::of(roadway, &origin, direction);
    let origins = [origin];
    let sweep = Sweep::new(&roadway.network, &times.junctions, &origins, direction);
    let limits: Vec<Deciseconds> = minutes.iter().map(|one| Deciseconds::from_minutes(*one)).collect();
    let isochrones = Isochrones {
        origin: &arguments.place.said(),
        direction,
        reached: &minutes.iter().map(|one| times.within(places, *one)).collect::<Vec<_>>(),
        profile,
        attributions: &attributions(study),
    };
    let layer = if arguments.edges {
        let parts: Vec<_> = limits.iter().map(|limit| reached_parts(&sweep, *limit)).collect();
        isochrones.roads(&roadway.network, &parts)
    } else {
        let municipalities = study.municipalities.iter().map(|one| one.boundary.clone());
        let land: Vec<_> = municipalities.chain([study.unassigned_land.clone()]).collect();
        let (drawing, latitude) = (Drawing::shipped()?, mean_latitude(&places.centres()));
        let land = Locator::new(&land);
        let raster = Raster::new(&roadway.network, profile, latitude, &drawing, Some(&land));
        isochrones.areas(&drawing, raster.contours(&sweep, &limits))
    };
    replace_geojson(&arguments.out, &layer)?;
    println!("{} に書きました", arguments.out.display());
    Ok(())
}
