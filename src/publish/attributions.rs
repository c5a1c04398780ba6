//! Attributions, which travel with every output.

use crate::ingest::manifest::InputKind as Kind;
use crate::ingest::study::Study;

/// Who must be named wherever the figures go, by the kinds of file that were read.
#[must_use]
pub fn attributions(study: &Study) -> Vec<String> {
    if study.invented {
        return vec!["架空の県の見本データ（keniki）".to_owned()];
    }
    let source = |kind: Kind| match kind {
        Kind::N03Boundary
        | Kind::A38MedicalArea
        | Kind::P04Medical
        | Kind::P14Welfare
        | Kind::A31aFlood
        | Kind::FutureMesh => Some("「国土数値情報」（国土交通省）を加工して作成"),
        Kind::CensusMesh => Some("「国勢調査 地域メッシュ統計」（総務省統計局）を加工して作成"),
        Kind::IpssProjection => {
            Some("「日本の地域別将来推計人口（令和5年推計）」（国立社会保障・人口問題研究所）を加工して作成")
        }
        Kind::Todokede => Some("「届出受理医療機関名簿」（地方厚生局）を加工して作成"),
        Kind::CodeContents => Some("「コード内容別医療機関一覧表」（地方厚生局）を加工して作成"),
        Kind::InstitutionCodes => Some("「保険医療機関コード一覧」（地方厚生局）を加工して作成"),
        Kind::IryoJohoNet | Kind::OpeningHours => {
            Some("「医療情報ネット オープンデータ」（厚生労働省）を加工して作成")
        }
        Kind::KaigoJigyosho => {
            Some("「介護サービス情報公表システム オープンデータ」（厚生労働省）を加工して作成")
        }
        Kind::CareNeed => Some("「介護保険事業状況報告」（厚生労働省）を加工して作成"),
        Kind::TownPoints => {
            Some("「位置参照情報」（国土交通省）、「Geolonia 住所データ」（CC BY 4.0）を加工して作成")
        }
        Kind::MunicipalityMaster | Kind::MunicipalityPoints | Kind::TownMaster | Kind::TownPositions => {
            Some("「アドレス・ベース・レジストリ」（デジタル庁）を加工して作成")
        }
        Kind::AreaFlows => Some("「地域医療構想 構想区域間の流出入」（厚生労働省）を加工して作成"),
        Kind::CodeChanges => Some("「国土数値情報」（国土交通省）を加工して作成"),
        Kind::HomeDemand => Some("「構想区域の医療需要推計」（厚生労働省）を加工して作成"),
        Kind::RoadsOsm => Some("© OpenStreetMap contributors (ODbL)"),
        Kind::AreaMembership
        | Kind::ActiveInstitutions
        | Kind::LinkageHubs
        | Kind::CohortCounts
        | Kind::OwnFigures
        | Kind::Rota
        | Kind::RotaLimits
        | Kind::LivingAreas
        | Kind::AdmissionBeds
        | Kind::ContinuityPlans
        | Kind::Targets
        | Kind::NightCalls
        | Kind::CareFacilityPartners
        | Kind::EmergencyTools
        | Kind::PatientFlows
        | Kind::PositionCorrections
        | Kind::IdentityDecisions
        | Kind::StoppedInstitutions => None,
    };
    let mut named: Vec<String> = Vec::new();
    for input in &study.inputs {
        let own = input.attribution.as_deref();
        if let Some(text) = own.or_else(|| source(input.kind))
            && !named.iter().any(|known| known == text)
        {
            named.push(text.to_owned());
        }
    }
    named
}
