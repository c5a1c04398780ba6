import type { FigureKey } from "../model/figures";
import type { EvidenceText } from ".";

/** Evidence: what each figure means and how it is computed, for people. */
export const evidenceEn: Record<FigureKey, EvidenceText> = {
  zones: {
    label: "Zones",
    meaning: "Number of home-medical-care zones in this plan.",
    formula: "Count of zones to which municipalities are assigned.",
  },
  population_total: {
    label: "Population",
    meaning: "People in the census year.",
    formula:
      "Sum over census cells; a cell belongs to the municipality with the largest part of its land.",
  },
  population_65: {
    label: "Aged 65+",
    meaning: "People aged 65 and over in the census year.",
    formula:
      "Sum over census cells; suppressed cells share the ages of their group by total population.",
  },
  population_75: {
    label: "Aged 75+",
    meaning: "People aged 75 and over in the census year.",
    formula:
      "Sum over census cells; suppressed cells share the ages of their group by total population.",
  },
  population_85: {
    label: "Aged 85+",
    meaning: "People aged 85 and over in the census year.",
    formula:
      "Sum over census cells; suppressed cells share the ages of their group by total population.",
  },
  demand_year: {
    label: "Home-visit demand",
    meaning: "Demand for home medical visits in the chosen fiscal year, in receipts per month.",
    formula:
      "The official figure of each 構想区域 is shared out by age weight × cell population and summed; years between official ones are interpolated.",
  },
  demand_first: {
    label: "Demand, first year",
    meaning: "Demand for home medical visits in the first official year.",
    formula:
      "The official figure of each 構想区域 is shared out by age weight × cell population and summed.",
  },
  smallest_zone_demand: {
    label: "Smallest zone demand",
    meaning: "Demand, in the first official year, of the zone with the least.",
    formula: "Minimum over zones of the summed demand.",
  },
  peak_year: {
    label: "Demand peak",
    meaning: "First fiscal year with the highest demand.",
    formula: "Year of the maximum; the earliest one on ties.",
  },
  demand_index: {
    label: "Change of demand",
    meaning: "Demand of the municipality in the chosen year, with the first year as 100.",
    formula: "Demand in the chosen year ÷ demand in the first year × 100.",
  },
  institutions: {
    label: "Institutions",
    meaning:
      "Institutions that provide the service. A class whose file was not loaded is “not loaded”, never 0.",
    formula: "Count, by municipality, of institutions whose filings fit the service.",
  },
  active_candidates: {
    label: "Active-role candidates",
    meaning:
      "Institutions that could be 在宅医療において積極的役割を担う医療機関 (在支診, 在支病 and the like).",
    formula: "Count of institutions in the candidate classes of the rule table.",
  },
  active_listed: {
    label: "Active role (listed)",
    meaning: "Institutions on the prefecture's list of 積極的役割を担う医療機関.",
    formula: "Rows of the list, by municipality.",
  },
  linkage_candidates: {
    label: "Liaison-hub candidates",
    meaning: "Institutions that could be 在宅医療に必要な連携を担う拠点.",
    formula: "Count of institutions in the candidate classes of the rule table.",
  },
  linkage_listed: {
    label: "Liaison hubs (listed)",
    meaning: "Bodies on the prefecture's list of 連携拠点.",
    formula: "Rows of the list, by municipality served.",
  },
  mean_minutes_in_zone: {
    label: "Mean travel time",
    meaning:
      "Minutes by car from the nearest 24-hour visiting institution of the same zone, weighted by demand. “—” means that none of the demand can be reached.",
    formula: "Σ (cell demand × shortest minutes) ÷ Σ demand of reachable cells.",
  },
  share_30_minutes_in_zone: {
    label: "Within 30 minutes",
    meaning:
      "Share of demand within 30 minutes of a 24-hour visiting institution of the same zone. Denominator: all demand of the selection.",
    formula: "Demand of cells within 30 minutes ÷ demand of all cells.",
  },
  share_unreached_in_zone: {
    label: "Not reached",
    meaning:
      "Share of demand that no 24-hour visiting institution of the same zone reaches within the travel limit. Denominator: all demand of the selection.",
    formula: "Demand of cells that none reaches ÷ demand of all cells.",
  },
  split_areas: {
    label: "Areas divided",
    meaning:
      "Areas (public health centres, fire departments …) that lie in more than one zone. Not a rule of the guideline, but a sign of where competences differ.",
    formula:
      "Count of areas whose municipalities belong to several zones; a lower bound where the area of some municipality is not known.",
  },
  coverage: {
    label: "People within reach",
    meaning:
      "Share of people who live within the stated minutes, or within 16 km in a straight line, of any institution. Denominator: everybody in the prefecture.",
    formula: "Population of cells within reach ÷ population of the prefecture.",
    rule: "16 km is the distance of the fee schedule for home visits: a circle around the institution.",
  },
  gap_people_75: {
    label: "People 75+ without one in their municipality",
    meaning: "People aged 75 and over who live in a municipality without any such institution.",
    formula: "People 75+ of municipalities with none; services not loaded are not counted.",
  },
  nearest_minutes: {
    label: "To the nearest",
    meaning:
      "Minutes by car to the nearest one anywhere, mean over the people 75+ who can reach one.",
    formula: "Σ (people 75+ × shortest minutes) ÷ Σ people 75+ who can reach one.",
  },
  beyond_limit_75: {
    label: "None within the limit",
    meaning: "People aged 75 and over who reach none within the travel limit.",
    formula: "People 75+ of cells beyond the limit or without a road.",
  },
  cell_minutes: {
    label: "Shortest time",
    meaning:
      "Minutes by car between the centre of the cell and the nearest institution: to the home for visits, to the hospital for admission.",
    formula:
      "Shortest time on the road network (length ÷ planning speed) plus the link to the road.",
  },
  short_people: {
    label: "People short of the service",
    meaning: "People (census) who live in cells with a cause of shortage.",
    formula: "Sum over cells with a cause; a cell with several causes counts once, by the gravest.",
    rule: "The minutes of the shortage table (shapes/tables/shortages.toml) and, for services with a circle in the fee rules, inside 16 km. Times at planning speeds under the chosen travel conditions.",
  },
  cause_people: {
    label: "People concerned by the cause",
    meaning: "People who live in cells with this cause.",
    formula:
      "Sum over the cells with the cause. One cell can have several causes, so the sum over causes can exceed everybody.",
    rule: "The minutes of the shortage table (shapes/tables/shortages.toml) and, for services with a circle in the fee rules, inside 16 km. Times at planning speeds under the chosen travel conditions.",
  },
  depth_people: {
    label: "People by number of institutions",
    meaning: "People in cells with the same number of institutions within reach.",
    formula:
      "For each cell the distinct institutions that meet minutes and circle are counted; people are summed.",
    rule: "The minutes of the shortage table (shapes/tables/shortages.toml) and, for services with a circle in the fee rules, inside 16 km. Times at planning speeds under the chosen travel conditions.",
  },
  unreached_people: {
    label: "People whom nobody reaches",
    meaning: "People to whom nobody comes in time when all speeds are multiplied by this factor.",
    formula: "Sum over cells whose travel time ÷ factor exceeds the limit.",
    rule: "The minutes of the shortage table (shapes/tables/shortages.toml) and, for services with a circle in the fee rules, inside 16 km. Times at planning speeds under the chosen travel conditions.",
  },
  institutions_near: {
    label: "Institutions within reach",
    meaning: "Distinct institutions that reach this cell in time.",
    formula: "Institutions that meet minutes and circle are counted.",
    rule: "The minutes of the shortage table (shapes/tables/shortages.toml) and, for services with a circle in the fee rules, inside 16 km. Times at planning speeds under the chosen travel conditions.",
  },
  remedy_minutes: {
    label: "Travel time",
    meaning:
      "Minutes by car to or from this institution (of a remedy: to the nearest cell that it would mend).",
    formula: "Shortest time on the road network.",
    rule: "The minutes of the shortage table (shapes/tables/shortages.toml) and, for services with a circle in the fee rules, inside 16 km. Times at planning speeds under the chosen travel conditions.",
  },
  mended_people: {
    label: "People helped",
    meaning:
      "People in short cells that would improve if this institution provided the service (or came at night).",
    formula: "Sum over the short cells that it reaches in time.",
    rule: "The minutes of the shortage table (shapes/tables/shortages.toml) and, for services with a circle in the fee rules, inside 16 km. Times at planning speeds under the chosen travel conditions.",
  },
  lost_people: {
    label: "People left without",
    meaning: "People whom nobody else reaches in time if this institution stops (N−1).",
    formula: "Sum over the cells that only this institution reaches.",
    rule: "The minutes of the shortage table (shapes/tables/shortages.toml) and, for services with a circle in the fee rules, inside 16 km. Times at planning speeds under the chosen travel conditions.",
  },
  changed_people: {
    label: "People for whom it changes",
    meaning: "People for whom the change decides whether somebody (or two or more) reaches them.",
    formula:
      "Institutions within reach are counted for each cell before and after; the difference in people.",
    rule: "The minutes of the shortage table (shapes/tables/shortages.toml) and, for services with a circle in the fee rules, inside 16 km. Times at planning speeds under the chosen travel conditions.",
  },
  farther_people: {
    label: "People with a longer way",
    meaning: "People who are still reached, but from farther away.",
    formula: "Sum over cells whose nearest institution it is and whose next one takes longer.",
    rule: "The minutes of the shortage table (shapes/tables/shortages.toml) and, for services with a circle in the fee rules, inside 16 km. Times at planning speeds under the chosen travel conditions.",
  },
  extra_minutes: {
    label: "Extra minutes (mean)",
    meaning: "Mean increase of the time to the nearest institution for people with a longer way.",
    formula: "Σ people × increase ÷ Σ people.",
    rule: "The minutes of the shortage table (shapes/tables/shortages.toml) and, for services with a circle in the fee rules, inside 16 km. Times at planning speeds under the chosen travel conditions.",
  },
  sited_people: {
    label: "People 75+ reached",
    meaning: "People aged 75+ whom this choice reaches in time (twice, for backup cover).",
    formula: "Sum of people 75+ in cells reached by existing and chosen institutions.",
    rule: "The minutes of the shortage table (shapes/tables/shortages.toml) and, for services with a circle in the fee rules, inside 16 km. Times at planning speeds under the chosen travel conditions.",
  },
  sited_places: {
    label: "Sites needed",
    meaning: "Institutions to be added so that everybody who can be reached is reached.",
    formula: "Minimum of the set cover (LSCP).",
    rule: "The minutes of the shortage table (shapes/tables/shortages.toml) and, for services with a circle in the fee rules, inside 16 km. Times at planning speeds under the chosen travel conditions.",
  },
  sited_minutes: {
    label: "Sum of travel times",
    meaning: "Travel time to the nearest institution summed over people aged 75+ (person minutes).",
    formula:
      "Σ people 75+ × time to the nearest. Cells that nobody reaches count at the travel limit.",
    rule: "The minutes of the shortage table (shapes/tables/shortages.toml) and, for services with a circle in the fee rules, inside 16 km. Times at planning speeds under the chosen travel conditions.",
  },
  bearers: {
    label: "Those who bear it",
    meaning:
      "Institutions and offices here that are taken to bear this part of the function. Readiness by filings and offices, not activity.",
    formula: "Number of those with any of the classes given below.",
    rule: "Classes in shapes/tables/rules.toml. What no loaded file tells is not loaded, never none.",
  },
  week_people: {
    label: "People in the band",
    meaning:
      "People whom somebody reaches from the first to the last minute (reached), who are left alone for some time (partly, away, nobody), or whom only those with unknown hours reach (unknown).",
    formula:
      "For each cell every minute of the band is looked at; a band that is filled throughout counts as reached. Sum of the census population.",
    rule: "Bands, 24-hour filings, opening hours and rota as in shapes/tables/week.toml; minutes and circle as for shortages. Beside a holiday only what holds on any weekday counts. A filing is readiness, not activity.",
  },
  post_people: {
    label: "People this institution reaches",
    meaning:
      "People of cells within the minutes and the circle of this institution (for a duty: inside its area).",
    formula: "Sum over cells that the institution reaches in time.",
    rule: "Minutes of shapes/tables/week.toml. Times at planning speeds under the chosen travel conditions.",
  },
  rota_count: {
    label: "Duties",
    meaning:
      "Values of the fair rota: all duties, most for one institution, most less fewest, person-shifts left alone.",
    formula:
      "x_is = 1: institution i takes shift s. Σ x_is ≥ 1 for everybody who can be reached in every shift; person-shifts left alone, duties, maximum, difference and squares are made least in this order (integer programme with bounds).",
    rule: "Shifts from shapes/tables/week.toml, limits from the file of limits.",
  },
  outlook_value: {
    label: "Demand",
    meaning: "Demand of the chosen kind under the middle assumption, in the unit above.",
    formula:
      "Sum over municipalities. 訪問診療: the official totals of the areas shared out by weights, straight between official years. Others: Σ rate × people, people straight between years of the projection; unknown outside of them.",
  },
  outlook_band: {
    label: "Band of demand",
    meaning: "The lowest and the highest value under other rates or levels.",
    formula: "The same computation with the low and high assumptions given below.",
  },
  outlook_older: {
    label: "Demand of people 85+",
    meaning:
      "Part of the middle demand of people aged 85 and over, many of whom need medical and nursing care together.",
    formula: "People 85+ × their rate (訪問診療: their share by the weights).",
  },
  outlook_part: {
    label: "Part of demand",
    meaning: "The middle demand by home and facility, or by place.",
    formula: "Demand × share (middle). National shares applied to the prefecture, an assumption.",
  },
  outlook_peak: {
    label: "Peak of demand",
    meaning: "The first year with the highest middle demand.",
    formula: "Maximum over the years that are known.",
  },
  outlook_capacity: {
    label: "Capacity (assumed)",
    meaning:
      "What can be given in the year under the chosen workforce scenario. Readiness by filings or offices, not activity.",
    formula:
      "Capacity in the year of the facility files, changed year by year as given below. Short: the first year in which it is below demand.",
  },
  uncertain_people: {
    label: "16 km test uncertain",
    meaning:
      "People of whom the error of addresses and the size of cells do not let us say whether they lie inside 16 km.",
    formula:
      "Sum over cells nearer to the edge of the circle than the error of the place and half the diagonal of the cell together.",
    rule: "Errors of places by precision (丁目, town, municipality …) from the table in shapes/tables. All other figures use the points.",
  },
  beyond_help: {
    label: "Out of reach of every candidate",
    meaning: "People whom nobody reaches now and no candidate would.",
    formula: "Sum over cells reached neither by an existing institution nor by a candidate.",
    rule: "The minutes of the shortage table (shapes/tables/shortages.toml) and, for services with a circle in the fee rules, inside 16 km. Times at planning speeds under the chosen travel conditions.",
  },
  objective: {
    label: "Objective",
    meaning:
      "What the proposal makes least: travel time weighted by demand (receipts × minutes per month).",
    formula: "Σ (cell demand × minutes from the leading institution of the zone).",
  },
  gap: {
    label: "Remaining gap",
    meaning:
      "Difference between the objective and the proven lower bound. At 0 it is proven that no plan is better.",
    formula: "(objective − bound) ÷ objective.",
  },
};
