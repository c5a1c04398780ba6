//! `/api/demand` and `/api/demand/cells`: every layer of demand by zone and year, the workforce against it,
//! and demand by cell for the map.

use crate::assess::beside::Beside;
use crate::demand::cells::by_cell;
use crate::demand::layers::known;
use crate::demand::outlook::{Outlook, OutlookTables, cohort_layers, outlook, years};
use crate::demand::rates::HOME_VISITS;
use crate::demand::zones::divisions;
use crate::ingest::study::Study;
use crate::publish::demand::answers::{self, LayerName};
use crate::publish::geojson;
use crate::serve::error::{ApiError, ServeError};
use crate::serve::question::Question;
use crate::serve::state::Workbench;
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use tokio::task::spawn_blocking;

/// A study and the outlook of its demand.
pub struct Demanded {
    study: Arc<Study>,
    tables: OutlookTables,
    outlook: Outlook,
}

impl Demanded {
    /// Computes every layer from the census year to the last that is known. Counts of patients are those that
    /// were stored beside the study: as they may be shown.
    ///
    /// # Errors
    /// [`ServeError`] when a table of the program is damaged, or the study lacks what demand needs.
    pub fn new(study: Arc<Study>, beside: &Beside) -> Result<Self, ServeError> {
        let tables = OutlookTables::shipped()?;
        let mut outlook = outlook(&study, &tables, divisions(&study), years(&study, None, None)?)?;
        outlook.cohorts = cohort_layers(&tables, beside.cohorts(&study));
        Ok(Self { study, tables, outlook })
    }

    /// The layer that is asked for; 訪問診療 where nothing is said.
    fn layer(&self, question: &Question) -> Result<LayerName, ApiError> {
        let ids: Vec<&str> = self.outlook.layers.iter().map(|layer| layer.id.as_str()).collect();
        let at = question.named_or("layer", &ids, HOME_VISITS)?;
        Ok(answers::layer_name(&self.outlook.layers[at]))
    }
}

/// Demand of a layer by zone and year.
pub async fn demand(
    State(workbench): State<Arc<Workbench>>,
    question: Question,
) -> Result<Response, ApiError> {
    question.only(&["layer", "zones"])?;
    answer(workbench, move |demanded| {
        let Demanded { study, tables, outlook } = demanded;
        let (layer, zones) = (demanded.layer(&question)?, question.zones(study)?);
        let figures = answers::demand(study, tables, outlook, &layer.id, &zones);
        Ok(Json(figures.map_err(|error| ApiError::unanswerable(&error))?).into_response())
    })
    .await
}

/// Demand of a layer by cell in a year.
pub async fn cells(
    State(workbench): State<Arc<Workbench>>,
    question: Question,
) -> Result<Response, ApiError> {
    question.only(&["layer", "year"])?;
    answer(workbench, move |demanded| {
        let Demanded { study, tables, .. } = demanded;
        let (layer, year) = (demanded.layer(&question)?, question.year(known(study))?);
        let amounts = by_cell(study, &tables.layers, &layer.id, year);
        let amounts = amounts.map_err(|error| ApiError::unanswerable(&error))?;
        let mut text = Vec::new();
        geojson::write(&answers::cells(study, &layer, year, &amounts), &mut text)
            .map_err(|error| ApiError::internal(&error))?;
        Ok(([(header::CONTENT_TYPE, "application/geo+json")], text).into_response())
    })
    .await
}

/// Answers away from the threads that serve, with as many at a time as there are processors.
async fn answer(
    workbench: Arc<Workbench>,
    compute: impl FnOnce(&Demanded) -> Result<Response, ApiError> + Send + 'static,
) -> Result<Response, ApiError> {
    let permit = Arc::clone(&workbench.drawing).acquire_owned().await;
    let permit = permit.map_err(|error| ApiError::internal(&error))?;
    spawn_blocking(move || {
        let _permit = permit;
        let demanded = workbench.demanded().map_err(|error| ApiError::unanswerable(&error))?;
        compute(&*demanded.ok_or_else(ApiError::planned_again)?)
    })
    .await
    .map_err(|error| ApiError::internal(&error))?
}
